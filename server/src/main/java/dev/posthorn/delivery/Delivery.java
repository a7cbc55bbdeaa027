package dev.posthorn.delivery;

import java.time.Instant;
import java.util.UUID;

/**
 * One event on its way to one webhook, as its lane holds it in memory.
 *
 * @param eventId also the {@code webhook-id} of every attempt
 * @param payload the bytes to sign and send; not copied, never changed
 * @param test whether it was made by hand, to be marked as a test
 * @param attempts how many attempts were made; the next one's number is one more
 * @param step how many attempts of the present round of retries failed
 * @param retry whether this is not the first attempt
 * @param dueAt when a retry may be sent; of no meaning for a first attempt
 */
record Delivery(
    UUID eventId,
    String eventType,
    byte[] payload,
    boolean test,
    int attempts,
    int step,
    boolean retry,
    Instant dueAt) {

  /** A delivery that was just published. */
  static Delivery fresh(UUID eventId, String eventType, byte[] payload, Instant publishedAt) {
    return new Delivery(eventId, eventType, payload, false, 0, 0, false, publishedAt);
  }

  /** Roughly what it costs to hold it in memory. */
  int bytes() {
    return 200 + payload.length;
  }
}
