package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Finds webhooks of this node's shards that have due work in the database, and wakes their lanes:
 * what hand-over and notifications only make immediate.
 */
final class Sweep {
  private final DeliveryQueue queue;
  private final Lanes lanes;
  private final Partitions partitions;
  private final EngineClock clock;

  Sweep(DeliveryQueue queue, Lanes lanes, Partitions partitions, EngineClock clock) {
    this.queue = queue;
    this.lanes = lanes;
    this.partitions = partitions;
    this.clock = clock;
  }

  /** All shards of this node, once. */
  void runOnce() {
    run(lanes.owned().list());
    lanes.forgetIdle();
  }

  /** Those of the shards that this node owns. */
  void run(Collection<Integer> shards) {
    look(shards, partitions.daysUntil(today().plusDays(1)));
  }

  /**
   * The same for what was committed just now: what is older than yesterday, such as the events of a
   * transaction that was open for days, waits for the next sweep.
   */
  void runForNew(Collection<Integer> shards) {
    look(shards, List.of(Partitions.Day.of(today().minusDays(1)), Partitions.Day.of(today())));
  }

  private void look(Collection<Integer> shards, List<Partitions.Day> days) {
    Set<Integer> owned = lanes.owned().asSet();
    owned.retainAll(shards);
    if (owned.isEmpty()) {
      return;
    }
    List<DeliveryQueue.Due> due = queue.webhooksWithWork(List.copyOf(owned), days, clock.instant());
    due.forEach(webhook -> lanes.wake(webhook.accountId(), webhook.webhookId()));
    queue
        .webhooksWithIntents(List.copyOf(owned))
        .forEach(webhook -> lanes.carryOutIntents(webhook.accountId(), webhook.webhookId()));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
