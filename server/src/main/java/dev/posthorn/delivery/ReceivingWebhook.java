package dev.posthorn.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the rows say of a webhook that decides when its deliveries go.
 *
 * @param id internal
 * @param holdUntil the receiver asked to be left alone until then
 * @param attemptsLately made in this minute and the one before
 * @param skippedTo what waits of events up to this one is about to be cancelled
 * @param takeovers all that are known
 */
record ReceivingWebhook(
    long id,
    UUID publicId,
    boolean deleted,
    boolean enabled,
    int rateLimit,
    @Nullable Instant holdUntil,
    long attemptsLately,
    @Nullable UUID skippedTo,
    Takeovers takeovers) {

  private static final String FIND =
      """
      SELECT w.id, w.public_id, w.deleted_at IS NOT NULL AS deleted, w.enabled, w.rate_limit, w.hold_until,
        (SELECT coalesce(sum(m.answered_2xx + m.answered_3xx + m.answered_4xx + m.answered_5xx + m.unanswered), 0)
          FROM webhook_minute m
          WHERE m.account_id = w.account_id AND m.webhook_id = w.id AND m.at >= :lately) AS attempts_lately,
        (SELECT i.to_event FROM intent i
          WHERE i.account_id = w.account_id AND i.webhook_id = w.id AND i.kind = 'skip' AND i.done_at IS NULL
          ORDER BY i.to_event DESC LIMIT 1) AS skipped_to
      FROM webhook w
      WHERE w.account_id = :account AND w.public_id = :webhook
      """;

  /** A webhook of the account, deleted ones too. */
  static Optional<ReceivingWebhook> find(
      Handle handle, long accountId, UUID publicId, Instant now) {
    return handle
        .createQuery(FIND)
        .bind("account", accountId)
        .bind("webhook", publicId)
        .bind("lately", DeliveryQueue.utc(now.truncatedTo(ChronoUnit.MINUTES).minusSeconds(60)))
        .map((row, context) -> read(row, handle))
        .findOne();
  }

  private static ReceivingWebhook read(ResultSet row, Handle handle) throws SQLException {
    long id = row.getLong("id");
    return new ReceivingWebhook(
        id,
        row.getObject("public_id", UUID.class),
        row.getBoolean("deleted"),
        row.getBoolean("enabled"),
        row.getInt("rate_limit"),
        StoredDelivery.instant(row, "hold_until"),
        row.getLong("attempts_lately"),
        row.getObject("skipped_to", UUID.class),
        Takeovers.since(handle, id, Instant.EPOCH));
  }

  boolean skips(UUID event) {
    return skippedTo != null && compare(event, skippedTo) <= 0;
  }

  /** As PostgreSQL orders them. */
  private static int compare(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }
}
