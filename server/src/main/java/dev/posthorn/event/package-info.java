/**
 * Event types and publishing: how a fact becomes a stored event with its deliveries.
 *
 * <p>Owns the account's catalogue of types and their schemas, the publish statement, the group
 * commit, the interface through which new deliveries are handed over, what the built-in events say,
 * and the routes to all of it. Knows nothing of lanes or of what is in a record.
 */
@NullMarked
package dev.posthorn.event;

import org.jspecify.annotations.NullMarked;
