package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.TimeOrderedIds;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Reads back what was sent lately: what a node must know of the rate windows of shards that it
 * takes.
 */
final class AttemptLog {
  /** Attempts of these shards that still hold a place. Ids carry the time of their start. */
  static final String HELD =
      """
      SELECT webhook_id, holds_until FROM attempt CROSS JOIN LATERAL generate_series(1, places)
      WHERE id >= :since AND holds_until > :now AND webhook_id % 256 = ANY (:shards)
      ORDER BY webhook_id, holds_until
      """;

  private static final String DOUBTS =
      """
      SELECT shard, at, kind FROM shard_doubt WHERE shard = ANY (:shards) AND at > :since
      """;

  private final Database database;
  private final Duration exchangeDeadline;

  AttemptLog(Database database, Duration exchangeDeadline) {
    this.database = database;
    this.exchangeDeadline = exchangeDeadline;
  }

  /** Moments at which a shard's windows may lack something. */
  record Doubt(Instant at, boolean clockStepped) {}

  /**
   * What was sent lately in some shards.
   *
   * @param held when places of a webhook's window are free again, by internal webhook id
   * @param doubts by shard
   */
  record Recent(Map<Long, List<Instant>> held, Map<Integer, List<Doubt>> doubts) {}

  Recent recent(Collection<Integer> shards, Instant now) {
    return database.withHandle(
        handle -> new Recent(held(handle, shards, now), doubts(handle, shards, now)));
  }

  private Map<Long, List<Instant>> held(Handle handle, Collection<Integer> shards, Instant now) {
    // Waited for a slot, was sent, and was left open when its shard was given up.
    Instant oldestStart = now.minus(RateWindow.HOLD).minus(exchangeDeadline.multipliedBy(3));
    Map<Long, List<Instant>> held = new HashMap<>();
    handle
        .createQuery(HELD)
        .bind("since", TimeOrderedIds.lowestAt(oldestStart))
        .bind("now", DeliveryQueue.utc(now))
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .map((row, context) ->
            Map.entry(row.getLong(1), row.getObject(2, OffsetDateTime.class).toInstant()))
        .forEach(entry ->
            held.computeIfAbsent(entry.getKey(), id -> new ArrayList<>()).add(entry.getValue()));
    return held;
  }

  private Map<Integer, List<Doubt>> doubts(Handle handle, Collection<Integer> shards, Instant now) {
    Map<Integer, List<Doubt>> doubts = new HashMap<>();
    handle
        .createQuery(DOUBTS)
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .bind("since", DeliveryQueue.utc(now.minus(RateWindow.HOLD).minus(exchangeDeadline)))
        .map((row, context) ->
            Map.entry(
                row.getInt(1),
                new Doubt(
                    row.getObject(2, OffsetDateTime.class).toInstant(),
                    "clock".equals(row.getString(3)))))
        .forEach(entry ->
            doubts.computeIfAbsent(entry.getKey(), id -> new ArrayList<>()).add(entry.getValue()));
    return doubts;
  }
}
