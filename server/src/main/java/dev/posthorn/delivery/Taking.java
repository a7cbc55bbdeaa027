package dev.posthorn.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets shards for this node: locks what is free or left, waits until the last owner surely sends no
 * more, and takes it.
 *
 * <p>Not thread-safe: used by the shard keeper's loop.
 */
final class Taking {
  private static final Logger log = LoggerFactory.getLogger(Taking.class);

  private final ThisNode node;
  private final Pulse pulse;
  private final Lanes lanes;
  private final Draining draining;
  private final AttemptLog attemptLog;
  private final Set<Integer> waiting =
      new TreeSet<>(); // locked, their last owner not yet silent for long enough

  Taking(ThisNode node, Pulse pulse, Lanes lanes, Draining draining, AttemptLog attemptLog) {
    this.node = node;
    this.pulse = pulse;
    this.lanes = lanes;
    this.draining = draining;
    this.attemptLog = attemptLog;
  }

  /** How many are locked and not taken yet. */
  int waiting() {
    return waiting.size();
  }

  /** The session is lost, and the locks with it. */
  void forgetLocks() {
    waiting.clear();
  }

  /** Locks some more shards, so many at the most. */
  void lockMore(ShardTable table, int count) {
    ShardTable.Holders holders = holders(table);
    long now = node.clock().nanos();
    List<Integer> takeable =
        holders.shards().stream()
            .filter(shard ->
                !lanes.owned().contains(shard)
                    && !waiting.contains(shard)
                    && !draining.contains(shard))
            .filter(shard -> node.alone() || isLeft(holders.of(shard), now))
            .limit(count)
            .toList();
    if (takeable.isEmpty()) {
      return;
    }
    Set<Integer> locked = table.tryLock(takeable);
    waiting.addAll(locked);
    takeable.stream()
        .filter(shard -> !locked.contains(shard))
        .flatMap(shard -> holders.of(shard).owner().stream())
        .distinct()
        .filter(owner -> pulse.isSilent(owner, now))
        .forEach(owner -> table.endSession(owner, pulse.beatOf(owner)));
  }

  /**
   * Beats are read after it: who is written down as an owner has been seen, and is judged from now.
   */
  private ShardTable.Holders holders(ShardTable table) {
    ShardTable.Holders holders = table.holders();
    pulse.observe(table.beats(), node.clock().nanos());
    return holders;
  }

  private boolean isLeft(ShardTable.Holder holder, long now) {
    return holder.isFree()
        || holder.isHeldBy(node.id())
        || pulse.isSilent(holder.owner().orElseThrow(), now);
  }

  /** Takes the locked shards whose last owner surely sends no more, and returns them. */
  Set<Integer> takeWaiting(ShardTable table) {
    if (waiting.isEmpty()) {
      return Set.of();
    }
    ShardTable.Holders holders = holders(table);
    long now = node.clock().nanos();
    Set<Integer> takeable =
        waiting.stream()
            .filter(shard -> node.alone() || isLeft(holders.of(shard), now))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!takeable.isEmpty()) {
      take(table, takeable, holders);
      waiting.removeAll(takeable);
    }
    return takeable;
  }

  private void take(ShardTable table, Set<Integer> shards, ShardTable.Holders holders) {
    Instant now = node.clock().instant();
    List<Integer> unclean = shards.stream().filter(shard -> !holders.of(shard).isFree()).toList();
    Set<UUID> stepped = table.nodesWithSteppedClock();
    List<Integer> ofSteppedOwner =
        shards.stream()
            .filter(shard -> holders.of(shard).owner().filter(stepped::contains).isPresent())
            .toList();
    table.doubtClock(ofSteppedOwner, now);
    table.take(shards, unclean, now);
    AttemptLog.Recent recent = attemptLog.recent(shards, now);
    shards.forEach(shard -> lanes.own(shard, recent));
    log.info(
        "node {} took {} shards, {} of them not given up in order",
        node.name(),
        shards.size(),
        unclean.size());
  }
}
