/**
 * Webhooks: what a customer registers, with its filter, secret, headers and rate limit.
 *
 * <p>Owns the webhook's row, its revision, the sealing of secrets at rest and the routes to it.
 * Knows nothing of events: which types there are it is told.
 */
@NullMarked
package dev.posthorn.webhook;

import org.jspecify.annotations.NullMarked;
