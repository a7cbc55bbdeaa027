package dev.posthorn.event;

import dev.posthorn.db.TimeOrderedIds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads what happened, newest first.
 *
 * <p>There is no index by type or record, for every published event would pay for it. A page looks
 * at {@value #MOST_SCANNED} events at most and says where to go on, so that its cost is bounded
 * whatever the history; such a page may have few events, or none.
 */
final class EventHistory {
  private static final String SCAN =
      """
      WITH scanned AS MATERIALIZED (
        SELECT id, type, record_id, created_at FROM event
        WHERE account_id = :account AND id >= :lowest AND id < :highest
        ORDER BY id DESC
        LIMIT :scan)
      SELECT match.id, (SELECT count(*) FROM scanned) AS scanned,
        (SELECT id FROM scanned ORDER BY id LIMIT 1) AS reached
      FROM (SELECT 1) AS one
      LEFT JOIN (SELECT id FROM scanned
        WHERE (:type::text IS NULL OR type = :type)
          AND (:record::bigint IS NULL OR record_id = :record)
          AND (:since::timestamptz IS NULL OR created_at >= :since)
          AND (:before::timestamptz IS NULL OR created_at < :before)
        ORDER BY id DESC
        LIMIT :limit) AS match ON true
      ORDER BY match.id DESC
      """;

  private static final String READ =
      """
      SELECT * FROM (
        SELECT *, sum(octet_length(payload)) OVER (ORDER BY id DESC) - octet_length(payload) AS bytes_before
        FROM event WHERE account_id = :account AND id = ANY (:ids)) AS sized
      WHERE bytes_before < :bytes
      ORDER BY id DESC
      """;

  /** From the webhooks on: the key of deliveries has the event last. */
  private static final String DELIVERIES =
      """
      SELECT w.public_id, d.state, d.attempts, d.due_at, d.settled_at
      FROM webhook w
      JOIN delivery d ON d.account_id = w.account_id AND d.webhook_id = w.id AND d.event_id = :id
      WHERE w.account_id = :account
      ORDER BY w.id
      """;

  private static final int MOST_SCANNED = 10_000;

  /** A page is cut after so many bytes of payloads, at least one event on it. */
  private static final int MOST_BYTES = 4 << 20;

  /** Ids are made a moment before the times of their events. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final UUID LOWEST = new UUID(0, 0);
  private static final UUID HIGHEST = new UUID(-1, -1);

  private EventHistory() {}

  /** What to look for; everything absent looks for everything. */
  record Filter(
      Optional<String> type,
      OptionalLong recordId,
      Optional<Instant> since,
      Optional<Instant> before) {

    private boolean isNone() {
      return type.isEmpty() && recordId.isEmpty() && since.isEmpty() && before.isEmpty();
    }

    private UUID lowest() {
      return since.map(time -> TimeOrderedIds.lowestAt(time.minus(SLACK))).orElse(LOWEST);
    }

    private UUID highest() {
      return before.map(time -> TimeOrderedIds.lowestAt(time.plus(SLACK))).orElse(HIGHEST);
    }
  }

  /**
   * A page.
   *
   * @param next the id to go on below; absent at the end
   */
  record Events(List<NewEvent> events, Optional<UUID> next) {}

  /** An event on its way to one webhook. */
  record EventDelivery(
      UUID webhookId,
      String state,
      int attempts,
      @Nullable Instant dueAt,
      @Nullable Instant settledAt) {}

  private record Scanned(@Nullable UUID match, long scanned, @Nullable UUID reached) {}

  /**
   * The newest events below a place.
   *
   * @param below only events with smaller ids
   * @param size at most so many
   */
  static Events list(Handle handle, long accountId, Filter filter, Optional<UUID> below, int size) {
    int scan = filter.isNone() ? size + 1 : MOST_SCANNED;
    List<Scanned> rows = scan(handle, accountId, filter, below, scan, size + 1);
    List<UUID> ids =
        rows.stream().map(Scanned::match).filter(Objects::nonNull).limit(size).toList();
    List<NewEvent> events = ids.isEmpty() ? List.of() : read(handle, accountId, ids);
    boolean isCut = events.size() < ids.size() || rows.size() > size;
    if (isCut && !events.isEmpty()) {
      return new Events(events, Optional.of(events.getLast().id()));
    }
    Scanned last = rows.getLast();
    return new Events(
        events, last.scanned() == scan ? Optional.ofNullable(last.reached()) : Optional.empty());
  }

  /** An event by its id. */
  static Optional<NewEvent> find(Handle handle, long accountId, UUID id) {
    return read(handle, accountId, List.of(id)).stream().findFirst();
  }

  static List<EventDelivery> deliveries(Handle handle, long accountId, UUID id) {
    return handle
        .createQuery(DELIVERIES)
        .bind("account", accountId)
        .bind("id", id)
        .map((row, context) ->
            new EventDelivery(
                row.getObject("public_id", UUID.class),
                row.getString("state"),
                row.getInt("attempts"),
                row.getString("state").equals("pending") ? instant(row, "due_at") : null,
                instant(row, "settled_at")))
        .list();
  }

  private static List<Scanned> scan(
      Handle handle, long accountId, Filter filter, Optional<UUID> below, int scan, int limit) {
    return handle
        .createQuery(SCAN)
        .bind("account", accountId)
        .bind("lowest", filter.lowest())
        .bind("highest", below.orElseGet(filter::highest))
        .bind("scan", scan)
        .bind("limit", limit)
        .bind("type", filter.type().orElse(null))
        .bind("record", filter.recordId().isPresent() ? filter.recordId().getAsLong() : null)
        .bind("since", filter.since().map(EventHistory::utc).orElse(null))
        .bind("before", filter.before().map(EventHistory::utc).orElse(null))
        .map((row, context) ->
            new Scanned(
                row.getObject("id", UUID.class),
                row.getLong("scanned"),
                row.getObject("reached", UUID.class)))
        .list();
  }

  private static List<NewEvent> read(Handle handle, long accountId, List<UUID> ids) {
    return handle
        .createQuery(READ)
        .bind("account", accountId)
        .bindArray("ids", UUID.class, ids.toArray())
        .bind("bytes", MOST_BYTES)
        .map((row, context) ->
            new NewEvent(
                row.getLong("account_id"),
                row.getObject("id", UUID.class),
                row.getString("type"),
                row.getObject("record_id", Long.class),
                row.getBytes("payload"),
                row.getObject("created_at", OffsetDateTime.class).toInstant()))
        .list();
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
