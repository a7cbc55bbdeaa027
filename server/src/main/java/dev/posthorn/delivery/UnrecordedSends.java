package dev.posthorn.delivery;

import dev.posthorn.db.TimeOrderedIds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells before which attempts of a delivery the log may lack one: the webhook was taken from a dead
 * node while the delivery could be sent.
 *
 * <p>It could be sent since its event was published, since the attempt before it asked for another
 * one, or since a customer asked for one. Nothing of this is written when something is sent: it
 * follows from what is stored anyway.
 */
final class UnrecordedSends {
  private static final String MADE =
      """
      SELECT id, started_at, next_due_at FROM attempt
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = :event AND id >= :lowest
      ORDER BY id
      """;

  private static final String ASKED =
      """
      SELECT created_at FROM intent
      WHERE account_id = :account AND webhook_id = :webhook AND kind <> 'skip'
        AND from_event <= :event AND to_event >= :event
      """;

  private final Takeovers takeovers;
  private final Instant published;
  private final List<Made> made;
  private final List<Instant> asked;

  /** What the times of an attempt say of the next one. */
  private record Made(UUID id, Instant startedAt, @Nullable Instant nextAt) {
    static Made read(ResultSet row) throws SQLException {
      return new Made(
          row.getObject("id", UUID.class),
          row.getObject("started_at", OffsetDateTime.class).toInstant(),
          StoredDelivery.instant(row, "next_due_at"));
    }
  }

  private UnrecordedSends(Handle handle, LaneKey webhook, UUID event, Takeovers takeovers) {
    this.takeovers = takeovers;
    this.published = TimeOrderedIds.momentOf(event);
    this.made =
        handle
            .createQuery(MADE)
            .bind("account", webhook.accountId())
            .bind("webhook", webhook.webhookId())
            .bind("event", event)
            .bind("lowest", DeliveryHistory.lowestAttempt(event))
            .map((row, context) -> Made.read(row))
            .list();
    this.asked =
        handle
            .createQuery(ASKED)
            .bind("account", webhook.accountId())
            .bind("webhook", webhook.webhookId())
            .bind("event", event)
            .map((row, context) -> row.getObject(1, OffsetDateTime.class).toInstant())
            .list();
  }

  /** Marks those of a delivery's attempts before which there may have been another one. */
  static List<StoredAttempt> mark(
      Handle handle, LaneKey webhook, UUID event, List<StoredAttempt> attempts) {
    if (attempts.isEmpty()) {
      return attempts;
    }
    Takeovers takeovers =
        Takeovers.since(handle, webhook.webhookId(), TimeOrderedIds.momentOf(event));
    if (takeovers.moments().isEmpty()) {
      return attempts;
    }
    UnrecordedSends unrecorded = new UnrecordedSends(handle, webhook, event, takeovers);
    return attempts.stream()
        .map(attempt -> unrecorded.before(attempt).map(attempt::maybeSentBefore).orElse(attempt))
        .toList();
  }

  private Optional<Instant> before(StoredAttempt attempt) {
    return takeovers.lastBetween(sendableBefore(attempt), attempt.startedAt());
  }

  /** Since when the delivery could be sent, when it was sent by this attempt. */
  private Instant sendableBefore(StoredAttempt attempt) {
    Optional<Made> last =
        made.stream()
            .takeWhile(one -> !one.id().equals(attempt.id()))
            .reduce((earlier, later) -> later);
    return last.map(before -> sendableAfter(before, attempt.startedAt())).orElse(published);
  }

  private Instant sendableAfter(Made last, Instant nextStart) {
    return Stream.concat(Stream.ofNullable(last.nextAt()), asked.stream())
        .filter(moment -> !moment.isBefore(last.startedAt()) && !moment.isAfter(nextStart))
        .min(Instant::compareTo)
        .orElse(last.startedAt());
  }
}
