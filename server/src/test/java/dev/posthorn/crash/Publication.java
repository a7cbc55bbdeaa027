package dev.posthorn.crash;

import java.util.Optional;

/**
 * One event that a client published, or tried to.
 *
 * @param key what tells it from all others in what receivers see
 * @param begunNanos when the client began, on {@link System#nanoTime}
 * @param endedNanos when it knew its fate, or gave up
 * @param fate what the client knows of it
 * @param webhookId what its requests must carry, where the client was told
 */
record Publication(
    String key,
    Customer customer,
    String type,
    long begunNanos,
    long endedNanos,
    Fate fate,
    Optional<String> webhookId) {
  /** What a client knows of what it published. */
  enum Fate {
    /** It was told that it is stored. */
    ACKNOWLEDGED,
    /** It got no answer, or one that leaves it open. */
    UNKNOWN,
    /** It took it back, or never committed it. */
    ROLLED_BACK
  }

  static String numbered(long number) {
    return "number/" + number;
  }

  static String ofRecord(String type, long id) {
    return type + "/" + id;
  }

  boolean isAcknowledged() {
    return fate == Fate.ACKNOWLEDGED;
  }
}
