/**
 * Sends one HTTP request to an address that the operator allows, or says why it did not.
 *
 * <p>Owns the rule for target URLs, the table of special-purpose addresses, name resolution, and
 * the HTTP client with its deadlines and caps. Knows nothing of webhooks, deliveries or the
 * database.
 */
@NullMarked
package dev.posthorn.egress;

import org.jspecify.annotations.NullMarked;
