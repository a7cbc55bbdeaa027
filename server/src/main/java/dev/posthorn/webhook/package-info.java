/**
 * Webhooks: what a customer registers, with its filter, secret, headers and rate limit.
 *
 * <p>Owns the webhook's row, its revision and the sealing of secrets at rest.
 */
@NullMarked
package dev.posthorn.webhook;

import org.jspecify.annotations.NullMarked;
