package dev.posthorn.delivery;

import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * When a webhook was taken from nodes that had not given it up: what such a node sent last it may
 * not have written down, so the log may lack a request.
 *
 * @param moments in the order of time
 */
record Takeovers(List<Instant> moments) {
  private static final String FIND =
      """
      SELECT at FROM shard_doubt WHERE shard = :shard AND kind = 'takeover' AND at >= :since ORDER BY at
      """;

  /** So far the clocks of nodes may be apart. */
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);

  /** Those of a webhook after a moment, as far back as attempts are kept. */
  static Takeovers since(Handle handle, long webhookId, Instant moment) {
    return new Takeovers(
        handle
            .createQuery(FIND)
            .bind("shard", Webhook.shardOf(webhookId))
            .bind("since", DeliveryQueue.utc(moment.minus(CLOCKS_DIFFER)))
            .map((row, context) -> row.getObject(1, OffsetDateTime.class).toInstant())
            .list());
  }

  /** The last one that interrupted somebody who could have sent since a moment. */
  Optional<Instant> lastBetween(Instant sendable, Instant end) {
    return moments.stream()
        .filter(moment -> !moment.isBefore(sendable.minus(CLOCKS_DIFFER)) && !moment.isAfter(end))
        .reduce((earlier, later) -> later);
  }
}
