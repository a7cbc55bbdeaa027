package dev.posthorn.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was asked for already, so that asking twice does nothing twice. Whoever asks has
 * locked the webhook's row.
 */
final class AskedIntents {
  private static final String OPEN_RETRY =
      """
      SELECT EXISTS (SELECT FROM intent
        WHERE account_id = :account AND webhook_id = :webhook AND done_at IS NULL
          AND kind = 'retry' AND from_event = :event)
      """;

  private static final String OPEN_RECOVERY =
      """
      SELECT id, kind, from_event, to_event, states, position
      FROM intent
      WHERE account_id = :account AND webhook_id = :webhook AND done_at IS NULL
        AND kind = 'recover' AND from_event = :from AND states = :states
        AND asked_until IS NOT DISTINCT FROM :until::timestamptz
      ORDER BY id
      LIMIT 1
      """;

  private static final String SUPERSEDE =
      """
      UPDATE intent SET done_at = :now
      WHERE account_id = :account AND webhook_id = :webhook AND done_at IS NULL AND kind <> 'skip'
      """;

  private static final String NEWEST_EVENT =
      """
      SELECT event_id FROM delivery WHERE account_id = :account AND webhook_id = :webhook
      ORDER BY event_id DESC
      LIMIT 1
      """;

  private AskedIntents() {}

  /** Whether a retry of that event's delivery is still to be carried out. */
  static boolean hasOpenRetry(Handle transaction, LaneKey lane, UUID event) {
    return transaction
        .createQuery(OPEN_RETRY)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("event", event)
        .mapTo(Boolean.class)
        .one();
  }

  /** The same recovery, if it was asked for and is still to be carried out. */
  static Optional<Intent> openRecovery(
      Handle transaction, LaneKey lane, Intent wanted, Optional<Instant> askedUntil) {
    return transaction
        .createQuery(OPEN_RECOVERY)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("from", wanted.fromEvent())
        .bindArray("states", String.class, wanted.states())
        .bind("until", askedUntil.map(DeliveryQueue::utc).orElse(null))
        .map((row, context) -> Intents.intent(row))
        .findOne();
  }

  /**
   * Asks for everything that waits now to be cancelled; what was to be sent again, and is not yet,
   * is part of it.
   *
   * @param id of the intent, newer than every event of this process
   */
  static Intent addSkip(Handle transaction, LaneKey lane, UUID id, Instant now) {
    transaction
        .createUpdate(SUPERSEDE)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
    @Nullable UUID newest = newestEvent(transaction, lane);
    UUID upTo = newest != null && newest.compareTo(id) > 0 ? newest : id;
    Intent skip =
        new Intent(
            id, Intent.Kind.SKIP, new UUID(0, 0), upTo, List.of("pending"), Optional.empty());
    Intents.add(transaction, lane, skip, now);
    return skip;
  }

  /** Clocks of several nodes differ a little: it may be newer than an id made here now. */
  private static @Nullable UUID newestEvent(Handle transaction, LaneKey lane) {
    return transaction
        .createQuery(NEWEST_EVENT)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .mapTo(UUID.class)
        .findOne()
        .orElse(null);
  }
}
