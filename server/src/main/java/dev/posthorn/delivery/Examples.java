package dev.posthorn.delivery;

import java.util.Optional;

/** Knows what an event of a type looks like, for trying a webhook out. */
@FunctionalInterface
public interface Examples {
  /**
   * The payload of a test event.
   *
   * @return absent when the account has no such event type
   */
  Optional<byte[]> of(long accountId, String eventType);
}
