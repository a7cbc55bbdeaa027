package dev.posthorn.delivery;

import dev.posthorn.db.DailyTable;
import dev.posthorn.db.PartitionRemoval;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is older than it is kept: whole days, by dropping their partitions, and what is left
 * of deleted webhooks.
 *
 * <p>A day with deliveries that an enabled webhook still has to get is kept, all of it, until they
 * are settled. Those of disabled and deleted webhooks go with their day.
 */
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** How much of a day waits; asked of its partition by name, attached or not. */
  private static final String WAITING =
      """
      SELECT count(*) FILTER (WHERE w.enabled AND w.deleted_at IS NULL) AS to_be_sent, count(*) AS pending
      FROM {partition} d
      LEFT JOIN webhook w ON w.account_id = d.account_id AND w.id = d.webhook_id
      WHERE d.state = 'pending'
      """;

  private static final String REMOVE_WEBHOOKS =
      """
      WITH gone AS (
        DELETE FROM webhook w WHERE w.deleted_at < :before AND NOT EXISTS (
          SELECT 1 FROM delivery d WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.state = 'pending')
        RETURNING w.account_id, w.id),
      uncounted AS (
        DELETE FROM webhook_hour h USING gone WHERE h.account_id = gone.account_id AND h.webhook_id = gone.id)
      DELETE FROM intent i USING gone WHERE i.account_id = gone.account_id AND i.webhook_id = gone.id
      """;

  private static final String REMOVE_INTENTS = "DELETE FROM intent WHERE done_at < :before";

  private static final String REMOVE_DOUBTS = "DELETE FROM shard_doubt WHERE at < :before";

  private final Handle session;
  private final PartitionRemoval removal;

  /**
   * @param session of its own, not in a transaction
   */
  Retention(Handle session) {
    this.session = session;
    this.removal = new PartitionRemoval(session);
  }

  private record Waiting(long toBeSent, long pending) {}

  /**
   * Removes the days before the given one.
   *
   * @return those that have to be kept
   * @throws org.jdbi.v3.core.JdbiException when somebody is in the way; what is left goes the next
   *     time
   */
  List<Housekeeping.KeptDay> removeDaysBefore(LocalDate first) {
    finishInterrupted();
    List<Housekeeping.KeptDay> kept = new ArrayList<>();
    daysBefore(first)
        .forEach((date, tables) -> {
          long waiting = removeDay(tables);
          if (waiting > 0) {
            kept.add(new Housekeeping.KeptDay(date, waiting));
          }
        });
    return kept;
  }

  /** While one partition of a table is half detached, no other one can be detached at all. */
  private void finishInterrupted() {
    removal.all().stream()
        .filter(found -> found.state() == PartitionRemoval.State.MARKED)
        .forEach(removal::detach);
  }

  private Map<LocalDate, Map<DailyTable, PartitionRemoval.Found>> daysBefore(LocalDate first) {
    return removal.all().stream()
        .filter(found -> found.partition().table() != DailyTable.WEBHOOK_MINUTE)
        .filter(found -> found.partition().date().isBefore(first))
        .collect(
            Collectors.groupingBy(
                found -> found.partition().date(),
                TreeMap::new,
                Collectors.toMap(found -> found.partition().table(), found -> found)));
  }

  /**
   * The deliveries first: without their events they could be found and not be sent.
   *
   * @return how many of its deliveries are still to be sent; then nothing is removed
   */
  private long removeDay(Map<DailyTable, PartitionRemoval.Found> tables) {
    PartitionRemoval.Found deliveries = tables.get(DailyTable.DELIVERY);
    long toBeSent = deliveries == null ? 0 : removeDeliveries(deliveries);
    if (toBeSent == 0) {
      tables.values().stream()
          .filter(found -> found.partition().table() != DailyTable.DELIVERY)
          .forEach(this::remove);
    }
    return toBeSent;
  }

  /** Asked again when nobody can reach it any more: a replay may have come between. */
  private long removeDeliveries(PartitionRemoval.Found found) {
    DailyTable.Partition partition = found.partition();
    boolean isAttached = found.state() == PartitionRemoval.State.ATTACHED;
    Waiting before = waiting(partition);
    if (isAttached && before.toBeSent() > 0) {
      return before.toBeSent();
    }
    removal.detach(found);
    Waiting waiting = waiting(partition);
    if (waiting.toBeSent() > 0) {
      removal.attachAgain(partition);
      return waiting.toBeSent();
    }
    removal.drop(partition);
    log.info(
        "deliveries of {} are removed, {} that waited for disabled or deleted webhooks among them",
        partition.date(),
        waiting.pending());
    return 0;
  }

  private Waiting waiting(DailyTable.Partition partition) {
    return session
        .createQuery(WAITING.replace("{partition}", partition.name()))
        .map((row, context) -> new Waiting(row.getLong("to_be_sent"), row.getLong("pending")))
        .one();
  }

  private void remove(PartitionRemoval.Found found) {
    removal.detach(found);
    removal.drop(found.partition());
  }

  /** Removes the counts by minute of the days before the given one. */
  void removeMinutesBefore(LocalDate first) {
    List<PartitionRemoval.Found> old =
        removal.all().stream()
            .filter(found -> found.partition().table() == DailyTable.WEBHOOK_MINUTE)
            .filter(found -> found.partition().date().isBefore(first))
            .toList();
    old.forEach(this::remove);
  }

  /**
   * Removes webhooks that were deleted before a moment, and what no longer explains anything: what
   * was asked of deliveries and done before it, and the take-overs before it.
   *
   * @param moment before everything that is kept of deliveries
   */
  void removeLeftoversBefore(Instant moment) {
    for (String sql : List.of(REMOVE_WEBHOOKS, REMOVE_INTENTS, REMOVE_DOUBTS)) {
      session.createUpdate(sql).bind("before", DeliveryQueue.utc(moment)).execute();
    }
  }
}
