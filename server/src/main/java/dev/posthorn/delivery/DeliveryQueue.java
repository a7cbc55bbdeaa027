package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.Partitions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Reads from the database what is due, and where something is due at all. */
final class DeliveryQueue {
  /** One webhook's pending deliveries of one kind behind a position, with what is to be sent. */
  static final String DUE =
      """
      WITH due AS MATERIALIZED (
        SELECT account_id, event_id, attempts, step, retry, due_at
        FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending' AND retry = :retry
          AND due_at <= :dueBy AND (due_at, event_id) > (:dueAt, :eventId)
        ORDER BY due_at, event_id
        LIMIT :rows),
      sized AS (
        SELECT due.event_id, e.type, e.payload, e.test, due.attempts, due.step, due.retry, due.due_at,
          count(*) OVER () AS found,
          sum(octet_length(e.payload) + 200) OVER (ORDER BY due.due_at, due.event_id) - octet_length(e.payload) AS before
        FROM due JOIN event e ON e.account_id = due.account_id AND e.id = due.event_id)
      SELECT event_id, type, payload, test, attempts, step, retry, due_at, found
      FROM sized
      WHERE before - 200 < :bytes
      ORDER BY due_at, event_id
      """;

  private static final String ONE =
      """
      SELECT d.event_id, e.type, e.payload, e.test, d.attempts, d.step, d.retry, d.due_at
      FROM delivery d JOIN event e ON e.account_id = d.account_id AND e.id = d.event_id
      WHERE d.account_id = :account AND d.webhook_id = :webhook AND d.event_id = :event AND d.state = 'pending'
      """;

  static final String NEXT_RETRY =
      """
      SELECT due_at FROM delivery
      WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending' AND retry AND due_at > :after
      ORDER BY due_at
      LIMIT 1
      """;

  /**
   * Asked of one day after another: a join with a list of days cannot be distributed. The order,
   * which only the index of pending rows has, keeps the planner from walking through the day's
   * settled ones when many are pending: it would expect to meet one of them soon.
   */
  static final String HAS_PENDING =
      """
      SELECT 1 FROM delivery
      WHERE state = 'pending' AND event_id >= :from AND event_id < :to
      ORDER BY webhook_id, retry
      LIMIT 1
      """;

  /**
   * Webhooks of these shards with something to do in one day's partition: two index probes each.
   * The limits keep the planner from joining all that is pending instead; the order, which only the
   * index of pending rows has, from walking through a webhook's settled ones; the time as a
   * condition of its own, from walking through retries that are not due.
   */
  static final String WEBHOOKS_WITH_WORK =
      """
      SELECT w.account_id, w.id
      FROM webhook w
      CROSS JOIN LATERAL (
        (SELECT 1 FROM delivery d
          WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.state = 'pending' AND d.retry = false
            AND d.event_id >= :from AND d.event_id < :to
          ORDER BY d.due_at
          LIMIT 1)
        UNION ALL
        (SELECT 1 FROM delivery d
          WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.state = 'pending' AND d.retry = true
            AND d.due_at <= CASE WHEN w.deleted_at IS NULL THEN :now ELSE 'infinity' END
            AND d.event_id >= :from AND d.event_id < :to
          ORDER BY d.due_at
          LIMIT 1)
        LIMIT 1) AS work
      WHERE w.shard = ANY (:shards) AND (w.enabled OR w.deleted_at IS NOT NULL)
      """;

  /** Where a fetch without a position begins. */
  private static final Position START = new Position(Instant.EPOCH, new UUID(0, 0));

  private static final Instant FAR_AHEAD = Instant.parse("9999-01-01T00:00:00Z");

  private final Database database;

  DeliveryQueue(Database database) {
    this.database = database;
  }

  /**
   * What a fetch found.
   *
   * @param reachedEnd whether nothing due is left behind it
   * @param nextRetry when the next retry will be due, asked only by a fetch of retries that reached
   *     the end
   */
  record Found(List<Delivery> deliveries, boolean reachedEnd, Optional<Instant> nextRetry) {}

  /** A webhook that has something to do. */
  record Due(long accountId, long webhookId) {}

  Found fetch(LaneKey lane, Fetch fetch, Instant now) {
    return database.withHandle(handle -> {
      List<Read> due = readDue(handle, lane, fetch, now);
      long found = due.isEmpty() ? 0 : due.getFirst().found();
      boolean reachedEnd = found < fetch.rows() && due.size() == found;
      Optional<Instant> nextRetry =
          fetch.retries() && reachedEnd ? nextRetry(handle, lane, now) : Optional.empty();
      return new Found(due.stream().map(Read::delivery).toList(), reachedEnd, nextRetry);
    });
  }

  /**
   * @param found how many deliveries there were within the limit of rows, those beyond the limit of
   *     bytes included
   */
  private record Read(Delivery delivery, long found) {}

  /** One delivery, if it is pending. */
  Optional<Delivery> find(LaneKey lane, UUID event) {
    return database.withHandle(handle ->
        handle
            .createQuery(ONE)
            .bind("account", lane.accountId())
            .bind("webhook", lane.webhookId())
            .bind("event", event)
            .map((row, context) -> delivery(row))
            .findOne());
  }

  /** The webhooks of these shards of whose deliveries something is asked. */
  List<Due> webhooksWithIntents(List<Integer> shards) {
    return database.withHandle(handle -> Intents.webhooksWithOpen(handle, shards));
  }

  /**
   * Rows beyond the byte limit are left out by the database, which sizes a stored payload without
   * reading it: large payloads cost no more memory than small ones.
   */
  private static List<Read> readDue(Handle handle, LaneKey lane, Fetch fetch, Instant now) {
    Position behind = fetch.behind().orElse(START);
    return handle
        .createQuery(DUE)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("retry", fetch.retries())
        .bind("dueBy", utc(fetch.retries() ? now : FAR_AHEAD))
        .bind("dueAt", utc(behind.dueAt()))
        .bind("eventId", behind.eventId())
        .bind("rows", fetch.rows())
        .bind("bytes", fetch.bytes())
        .map((row, context) -> new Read(delivery(row), row.getLong("found")))
        .list();
  }

  private static Optional<Instant> nextRetry(Handle transaction, LaneKey lane, Instant now) {
    return transaction
        .createQuery(NEXT_RETRY)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("after", utc(now))
        .mapTo(OffsetDateTime.class)
        .findOne()
        .map(OffsetDateTime::toInstant);
  }

  /**
   * The webhooks of these shards that have something to do, asked of one day's partition after
   * another.
   */
  List<Due> webhooksWithWork(List<Integer> shards, List<Partitions.Day> days, Instant now) {
    return database.inTransaction(handle -> {
      readInOrder(handle);
      List<Due> found = new ArrayList<>();
      for (Partitions.Day day : daysWithPending(handle, days)) {
        found.addAll(webhooksWithWork(handle, shards, day, now));
      }
      return found;
    });
  }

  /**
   * For the rest of the transaction: the planner takes what comes in the order that is asked for,
   * from the index of pending rows. It holds account and webhook for independent of each other, so
   * the key seems to it to lead to a handful of rows that are soon sorted, where it leads to all
   * that the webhook ever got.
   */
  static void readInOrder(Handle transaction) {
    transaction.execute("SET LOCAL enable_sort = off");
  }

  private static List<Partitions.Day> daysWithPending(Handle handle, List<Partitions.Day> days) {
    return days.stream().filter(day -> hasPending(handle, day)).toList();
  }

  private static boolean hasPending(Handle handle, Partitions.Day day) {
    return handle
        .createQuery(HAS_PENDING)
        .bind("from", day.from())
        .bind("to", day.to())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static List<Due> webhooksWithWork(
      Handle handle, List<Integer> shards, Partitions.Day day, Instant now) {
    return handle
        .createQuery(WEBHOOKS_WITH_WORK)
        .bindArray("shards", Integer.class, shards)
        .bind("now", utc(now))
        .bind("from", day.from())
        .bind("to", day.to())
        .map((row, context) -> new Due(row.getLong(1), row.getLong(2)))
        .list();
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(
        row.getObject("event_id", UUID.class),
        row.getString("type"),
        row.getBytes("payload"),
        row.getBoolean("test"),
        row.getInt("attempts"),
        row.getInt("step"),
        row.getBoolean("retry"),
        row.getObject("due_at", OffsetDateTime.class).toInstant());
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
