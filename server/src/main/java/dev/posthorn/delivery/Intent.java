package dev.posthorn.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that a customer asked for, about the deliveries of one webhook: stored in one row, in
 * force at once, and carried out by the webhook's owner in slices.
 *
 * @param fromEvent the first event that it is about
 * @param toEvent the last one
 * @param states it is about deliveries in these states
 * @param position it is carried out up to this event
 */
record Intent(
    UUID id,
    Kind kind,
    UUID fromEvent,
    UUID toEvent,
    List<String> states,
    Optional<UUID> position) {

  /** The same, carried out up to an event. */
  Intent at(UUID event) {
    return new Intent(id, kind, fromEvent, toEvent, states, Optional.of(event));
  }

  /** What is to be done. */
  enum Kind {
    /** Send one delivery again, before all others. */
    RETRY,
    /** Send again what is settled. */
    RECOVER,
    /** Cancel what waits. */
    SKIP
  }
}
