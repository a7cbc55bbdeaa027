package dev.posthorn.delivery;

import dev.posthorn.db.TimeOrderedIds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads what became of deliveries, newest first.
 *
 * <p>The only order is that of the primary key, for every further index would be paid for by every
 * delivery. A page with a filter looks at {@value #MOST_SCANNED} deliveries at most and says where
 * to go on, so that its cost is bounded whatever the history; it may have few deliveries, or none.
 */
final class DeliveryHistory {
  private static final String SCAN =
      """
      WITH scanned AS MATERIALIZED (
        SELECT event_id, state, attempts, status, retry, due_at, settled_at
        FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND event_id >= :lowest AND event_id < :highest
        ORDER BY event_id DESC
        LIMIT :scan),
      candidate AS MATERIALIZED (
        SELECT * FROM scanned
        WHERE (:state::text IS NULL OR state::text = :state)
          AND (:status_class::integer IS NULL OR attempts > 0 AND coalesce(status / 100, 0) = :status_class)),
      found AS (
        SELECT c.*, e.type, e.created_at
        FROM candidate c
        JOIN event e ON e.account_id = :account AND e.id = c.event_id
        WHERE (:type::text IS NULL OR e.type = :type)
          AND (:since::timestamptz IS NULL OR e.created_at >= :since)
          AND (:before::timestamptz IS NULL OR e.created_at < :before)
        ORDER BY c.event_id DESC
        LIMIT :limit)
      SELECT found.*, (SELECT count(*) FROM scanned) AS scanned,
        (SELECT event_id FROM scanned ORDER BY event_id LIMIT 1) AS reached
      FROM (SELECT 1) AS one LEFT JOIN found ON true
      ORDER BY found.event_id DESC
      """;

  private static final String FIND =
      """
      SELECT d.event_id, d.state, d.attempts, d.status, d.retry, d.due_at, d.settled_at, e.type, e.created_at
      FROM delivery d JOIN event e ON e.account_id = d.account_id AND e.id = d.event_id
      WHERE d.account_id = :account AND d.webhook_id = :webhook AND d.event_id = :event
      """;

  private static final String ATTEMPTS =
      """
      SELECT id, number, outcome, failure, status, started_at, dns_us, connect_us, tls_us, first_byte_us, total_us,
        message, response_headers, response_body, truncated, next_due_at
      FROM attempt
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = :event AND id > :behind
      ORDER BY id
      LIMIT :limit
      """;

  static final int MOST_SCANNED = 5_000;

  /**
   * Ids are made a moment before the times of their events; clocks of several makers differ a
   * little.
   */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final UUID LOWEST = new UUID(0, 0);
  private static final UUID HIGHEST = new UUID(-1, -1);

  private DeliveryHistory() {}

  /**
   * What to look for; everything absent looks for everything.
   *
   * @param statusClass first digit of the last answer's status; 0 for the last attempt having none
   */
  record Filter(
      Optional<String> state,
      Optional<String> eventType,
      Optional<Instant> since,
      Optional<Instant> before,
      OptionalInt statusClass) {
    static final Filter NONE =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty());

    private boolean isNone() {
      return equals(NONE);
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
   * @param next where to go on; absent at the end
   */
  record Page<T>(List<T> items, Optional<UUID> next) {}

  private record Scanned(@Nullable StoredDelivery found, long scanned, @Nullable UUID reached) {}

  /**
   * The newest deliveries of a webhook below a place.
   *
   * @param webhook internal id
   * @param below only those of events with smaller ids
   * @param size at most so many
   */
  static Page<StoredDelivery> list(
      Handle handle, LaneKey webhook, Filter filter, Optional<UUID> below, int size) {
    int scan = filter.isNone() ? size + 1 : MOST_SCANNED;
    List<Scanned> rows =
        scan(handle, webhook, filter, below.orElseGet(filter::highest), scan, size + 1);
    List<StoredDelivery> found =
        rows.stream().map(Scanned::found).filter(Objects::nonNull).limit(size).toList();
    if (rows.size() > size) {
      return new Page<>(found, Optional.of(found.getLast().eventId()));
    }
    Scanned last = rows.getLast();
    return new Page<>(
        found, last.scanned() == scan ? Optional.ofNullable(last.reached()) : Optional.empty());
  }

  private static List<Scanned> scan(
      Handle handle, LaneKey webhook, Filter filter, UUID highest, int scan, int limit) {
    return handle
        .createQuery(SCAN)
        .bind("account", webhook.accountId())
        .bind("webhook", webhook.webhookId())
        .bind("lowest", filter.lowest())
        .bind("highest", highest)
        .bind("scan", scan)
        .bind("limit", limit)
        .bind("state", filter.state().orElse(null))
        .bind("type", filter.eventType().orElse(null))
        .bind("since", filter.since().map(DeliveryQueue::utc).orElse(null))
        .bind("before", filter.before().map(DeliveryQueue::utc).orElse(null))
        .bind(
            "status_class",
            filter.statusClass().isPresent() ? (Integer) filter.statusClass().getAsInt() : null)
        .map((row, context) ->
            new Scanned(
                row.getObject("event_id") == null ? null : StoredDelivery.read(row),
                row.getLong("scanned"),
                row.getObject("reached", UUID.class)))
        .list();
  }

  /** One delivery of a webhook. */
  static Optional<StoredDelivery> find(Handle handle, LaneKey webhook, UUID event) {
    return handle
        .createQuery(FIND)
        .bind("account", webhook.accountId())
        .bind("webhook", webhook.webhookId())
        .bind("event", event)
        .map((row, context) -> StoredDelivery.read(row))
        .findOne();
  }

  /**
   * The attempts of a delivery, oldest first.
   *
   * @param behind only those with greater ids
   */
  static Page<StoredAttempt> attempts(
      Handle handle, LaneKey webhook, UUID event, Optional<UUID> behind, int size) {
    List<StoredAttempt> attempts =
        handle
            .createQuery(ATTEMPTS)
            .bind("account", webhook.accountId())
            .bind("webhook", webhook.webhookId())
            .bind("event", event)
            .bind("behind", behind.orElseGet(() -> lowestAttempt(event)))
            .bind("limit", size + 1)
            .map((row, context) -> StoredAttempt.read(row))
            .list();
    List<StoredAttempt> page = attempts.subList(0, Math.min(size, attempts.size()));
    return new Page<>(
        UnrecordedSends.mark(handle, webhook, event, page),
        attempts.size() > size ? Optional.of(page.getLast().id()) : Optional.empty());
  }

  /** No attempt is older than its event: earlier days need not be asked. */
  static UUID lowestAttempt(UUID event) {
    return TimeOrderedIds.lowestAt(TimeOrderedIds.momentOf(event).minus(SLACK));
  }
}
