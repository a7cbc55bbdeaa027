package dev.posthorn.crash;

import dev.posthorn.crash.Doubts.Doubt;
import dev.posthorn.db.IdText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What the database has written down, to be compared with what was seen from outside. */
final class StoredLog {
  private static final String SHARD = "SELECT shard FROM posthorn.webhook WHERE url LIKE ?";
  private static final String ID = "SELECT public_id FROM posthorn.webhook WHERE url LIKE ?";

  private static final String ATTEMPTS =
      """
      SELECT a.event_id, a.number, a.outcome, coalesce(a.status, 0), a.places, a.started_at, a.total_us
      FROM posthorn.attempt a
      JOIN posthorn.webhook w ON w.account_id = a.account_id AND w.id = a.webhook_id
      WHERE w.url LIKE ?
      """;

  private static final String DELIVERIES =
      """
      SELECT e.type, e.payload, d.state::text
      FROM posthorn.delivery d
      JOIN posthorn.webhook w ON w.account_id = d.account_id AND w.id = d.webhook_id
      JOIN posthorn.event e ON e.account_id = d.account_id AND e.id = d.event_id
      WHERE w.url LIKE ?
      """;

  private final Jdbi jdbi;
  private final Set<Doubt> doubts;

  /**
   * @param doubts in the order of time
   */
  StoredLog(Jdbi jdbi, Set<Doubt> doubts) {
    this.jdbi = jdbi;
    this.doubts = doubts;
  }

  /**
   * A row of the attempt log.
   *
   * @param status 0 without an answer
   */
  record Attempt(
      String webhookId,
      int number,
      String outcome,
      int status,
      int places,
      Instant startedAt,
      Duration total) {
    boolean isAnswered() {
      return status != 0;
    }

    boolean isOpen() {
      return outcome.equals("open");
    }
  }

  /** The shard of a webhook; absent when its creation never took place. */
  Optional<Integer> shardOf(Subscription subscription) {
    return jdbi.withHandle(
        handle -> handle.select(SHARD, url(subscription)).mapTo(Integer.class).findFirst());
  }

  /** The id that the API knows it by, of a webhook that there is. */
  UUID idOf(Subscription subscription) {
    return jdbi.withHandle(
        handle -> handle.select(ID, url(subscription)).mapTo(UUID.class).first());
  }

  List<Attempt> attempts(Subscription subscription) {
    return jdbi.withHandle(handle ->
        handle
            .select(ATTEMPTS, url(subscription))
            .map((row, context) ->
                new Attempt(
                    IdText.of("evt_", row.getObject(1, UUID.class)),
                    row.getInt(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getInt(5),
                    row.getObject(6, OffsetDateTime.class).toInstant(),
                    Duration.ofNanos(row.getLong(7) * 1_000)))
            .list());
  }

  /** States of a webhook's deliveries, by the keys of their events. */
  Map<String, String> deliveries(Subscription subscription) {
    Map<String, String> states = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .select(DELIVERIES, url(subscription))
            .map((row, context) ->
                Map.entry(
                    Request.key(
                        row.getString(1), new String(row.getBytes(2), StandardCharsets.UTF_8)),
                    row.getString(3)))
            .forEach(entry -> states.put(entry.getKey(), entry.getValue())));
    return states;
  }

  /** Take-overs without an orderly end before them, in the order of time. */
  Set<Doubt> doubts() {
    return doubts;
  }

  private static String url(Subscription subscription) {
    return "%/" + subscription.terms().path();
  }
}
