/**
 * Event types and publishing: how a fact becomes a stored event with its deliveries.
 *
 * <p>Owns the publish statement, the group commit and the interface through which new deliveries
 * are handed over, and what the built-in events say. Knows nothing of lanes, HTTP or what is in a
 * record.
 */
@NullMarked
package dev.posthorn.event;

import org.jspecify.annotations.NullMarked;
