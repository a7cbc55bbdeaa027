package dev.posthorn.delivery;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Counts a webhook's deliveries before something is done to them, at a bounded cost. */
final class DeliveryCounts {
  static final int MOST = 10_000;

  private static final String PENDING =
      """
      SELECT count(*), count(*) FROM (
        SELECT 1 FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending'
          AND event_id >= :from AND event_id <= :to
        LIMIT :most) AS waiting
      """;

  private static final String FAILED =
      """
      SELECT count(*), count(*) FROM (
        SELECT 1 FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND state = 'failed'
          AND event_id >= :from AND event_id <= :to
        LIMIT :most) AS failed
      """;

  /** There is an index for what failed and for what waits, and none for the rest. */
  private static final String SCANNED =
      """
      SELECT count(*) FILTER (WHERE state::text = ANY (:states)), count(*) FROM (
        SELECT state FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND event_id >= :from AND event_id <= :to
        ORDER BY event_id
        LIMIT :most) AS scanned
      """;

  private static final UUID FIRST = new UUID(0, 0);

  private DeliveryCounts() {}

  /** Those that wait, of events up to one. */
  static Counted pending(Handle handle, LaneKey lane, UUID to) {
    return count(handle.createQuery(PENDING), lane, new Range(FIRST, to));
  }

  /**
   * Those that are settled, of events in a range. In other states than {@code failed} the first
   * {@value #MOST} of the range are looked at, whatever their state.
   */
  static Counted settled(Handle handle, LaneKey lane, Intent intent) {
    boolean failedOnly = intent.states().equals(List.of("failed"));
    Range range = new Range(intent.fromEvent(), intent.toEvent());
    return failedOnly
        ? count(handle.createQuery(FAILED), lane, range)
        : count(
            handle.createQuery(SCANNED).bindArray("states", String.class, intent.states()),
            lane,
            range);
  }

  private record Range(UUID from, UUID to) {}

  private static Counted count(Query query, LaneKey lane, Range range) {
    return query
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("most", MOST + 1)
        .map((row, context) -> new Counted(Math.min(row.getLong(1), MOST), row.getLong(2) > MOST))
        .one();
  }
}
