package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's share of the shards: beats, takes what is free or whose owner has fallen
 * silent, gives up what is too much.
 *
 * <pre>
 *           lock got, given up in order (or ours already)
 *   free ───────────────────────────────────────────────────────► owned ──► draining ──► released, unlocked: free
 *     │                                                             ▲                        (in order)
 *     │ lock got, last owner did not give it up                     │ doubt stored,
 *     └──────────────────────────────────► waiting ─────────────────┘ windows rebuilt
 *                                           until the last owner's beat has stood still for 3.5 s
 *
 *   owned ──► session lost: nothing is sent (the lease ends) ──► session back: lock got again and still ours ──► owned
 *                                                                                       otherwise ──► abandoned
 * </pre>
 *
 * <p>All of it runs in one thread; only draining waits elsewhere, because beats must go on.
 */
final class ShardKeeper {
  private static final Logger log = LoggerFactory.getLogger(ShardKeeper.class);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(1);

  private final ThisNode node;
  private final Database database;
  private final Lanes lanes;
  private final AttemptLog attemptLog;
  private final Listener listener;
  private final ClockWatch clockWatch;
  private final Pulse pulse = new Pulse();
  private final Set<Integer> waiting =
      new TreeSet<>(); // locked, their last owner not yet silent for long enough
  private final Set<Integer> draining = new TreeSet<>();
  private final Queue<Drained> drained = new ConcurrentLinkedQueue<>();
  private Set<UUID> alive = Set.of();
  private volatile @Nullable ShardSession session;
  private boolean stopping;

  /** What follows from keeping shards; must not block. */
  interface Listener {
    /** These shards are now owned: they may have due work. */
    void taken(Set<Integer> shards);

    /** Another node is gone: what it published last it may not have called out. */
    void othersGone();

    /** Something was called on {@link Bell#WEBHOOK}. */
    void webhookChanged(String call);
  }

  /**
   * Shards whose lanes have ended.
   *
   * @param known whether all that they sent is written down
   */
  private record Drained(Set<Integer> shards, boolean known) {}

  ShardKeeper(
      ThisNode node, Database database, Lanes lanes, AttemptLog attemptLog, Listener listener) {
    this.node = node;
    this.database = database;
    this.lanes = lanes;
    this.attemptLog = attemptLog;
    this.listener = listener;
    this.clockWatch = new ClockWatch(node.clock());
  }

  /** One beat and what follows from it; a lost session is left to the next call. */
  synchronized void runOnce() {
    try {
      ShardTable table = session().table();
      beat(table);
      releaseDrained(table);
      if (!stopping) {
        observe(table);
        share(table);
      }
    } catch (RuntimeException e) {
      log.warn(
          "node {}: no session with the database, nothing is sent: {}",
          node.name(),
          e.getMessage());
      loseSession();
    }
  }

  /** Whether the session that holds the locks stands. */
  boolean isConnected() {
    return session != null;
  }

  /**
   * Ends all lanes in order, gives everything up, and takes no shard any more. {@link #runOnce}
   * must go on meanwhile: a node whose beat stands still is taken for dead.
   *
   * @param patience how long exchanges under way may take to end
   */
  void drain(Duration patience) {
    Set<Integer> all = stopTaking();
    drained.add(new Drained(all, lanes.drain(all, patience)));
    runOnce();
    awaitReleased(DRAIN_PATIENCE.multipliedBy(2));
  }

  private synchronized Set<Integer> stopTaking() {
    stopping = true;
    Set<Integer> all = lanes.owned().asSet();
    lanes.owned().remove(all);
    draining.addAll(all);
    return all;
  }

  private synchronized void awaitReleased(Duration patience) {
    long end = node.clock().nanos() + patience.toNanos();
    try {
      for (long left = patience.toNanos();
          left > 0 && !draining.isEmpty();
          left = end - node.clock().nanos()) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the session; nothing may run any more. */
  synchronized void close() {
    if (!draining.isEmpty()) {
      log.warn("node {}: {} shards could not be given up in order", node.name(), draining.size());
    }
    sayGoodbye();
    loseSession();
  }

  /**
   * Without a row nobody counts this node as alive, and leaves it a share, until its beat is old.
   */
  private void sayGoodbye() {
    ShardSession open = session;
    try {
      if (open != null) {
        open.table().forget(List.of(node.id()));
      }
    } catch (RuntimeException e) {
      log.warn("node {}: its row is left behind: {}", node.name(), e.getMessage());
    }
  }

  private ShardSession session() {
    ShardSession open = session;
    if (open == null) {
      open = ShardSession.open(database, node.id(), node.name());
      session = open;
      reclaim(open.table());
      lanes.catchUp(lanes.owned().asSet());
    }
    return open;
  }

  private void loseSession() {
    node.lease().end();
    waiting.clear();
    ShardSession lost = session;
    session = null;
    if (lost != null) {
      lost.close();
    }
  }

  /**
   * After the session was lost: what nobody took meanwhile is still ours, lanes and windows as they
   * were. What we are only written down for is free for all.
   */
  private void reclaim(ShardTable table) {
    Set<Integer> before = lanes.owned().asSet();
    Set<Integer> locked = new TreeSet<>(table.tryLock(before));
    ShardTable.Holders holders = table.holders();
    Set<Integer> kept = new TreeSet<>(locked);
    kept.removeIf(shard -> !holders.of(shard).isHeldBy(node.id()));
    Set<Integer> lost = without(before, kept);
    lanes.owned().remove(lost);
    lanes.abandon(lost);
    table.unlock(without(locked, kept));
    Set<Integer> strays = new TreeSet<>(holders.heldBy(node.id()));
    table.disown(without(without(strays, kept), draining), node.clock().instant());
  }

  private static Set<Integer> without(Set<Integer> shards, Set<Integer> others) {
    Set<Integer> left = new TreeSet<>(shards);
    left.removeAll(others);
    return left;
  }

  private void beat(ShardTable table) {
    Lease.Moment sent = node.lease().now();
    Instant askedAt = node.clock().instant();
    Instant databaseTime = table.beat(clockWatch.hasStepped());
    ShardSession open = session;
    if (open != null) {
      open.calls().forEach(listener::webhookChanged);
    }
    node.lease().renew(sent);
    if (clockWatch.stepsAt(databaseTime, askedAt)) {
      log.warn(
          "node {}: the database's time stepped; rate windows count as unknown for 61 s",
          node.name());
      table.doubtClock(lanes.owned().list(), databaseTime);
    }
  }

  private void observe(ShardTable table) {
    long now = node.clock().nanos();
    Map<UUID, Long> beats = table.beats();
    pulse.observe(beats, now);
    List<UUID> dead = beats.keySet().stream().filter(id -> pulse.isSilent(id, now)).toList();
    if (!dead.isEmpty()) {
      table.forget(dead);
    }
    Set<UUID> before = alive;
    alive = pulse.live(now);
    if (!alive.containsAll(before)) {
      listener.othersGone();
    }
  }

  private void share(ShardTable table) {
    int share =
        node.alone()
            ? Webhook.SHARDS
            : ShardShare.of(node.id(), pulse.settled(node.clock().nanos()), Webhook.SHARDS);
    Set<Integer> owned = lanes.owned().asSet();
    int surplus = owned.size() + waiting.size() - share;
    if (surplus > 0) {
      giveUp(owned.stream().limit(surplus).collect(Collectors.toSet()));
    } else if (surplus < 0) {
      lockMore(table, -surplus);
    }
    takeWaiting(table);
  }

  private void giveUp(Set<Integer> shards) {
    lanes.owned().remove(shards);
    draining.addAll(shards);
    Thread.startVirtualThread(() -> {
      boolean known = false;
      try {
        known = lanes.drain(shards, DRAIN_PATIENCE);
      } finally {
        drained.add(new Drained(shards, known));
      }
    });
  }

  /** What cannot be written now is kept for the next time: else nobody could take these shards. */
  private void releaseDrained(ShardTable table) {
    for (Drained next = drained.peek(); next != null; next = drained.peek()) {
      Instant now = node.clock().instant();
      if (clockWatch.hasStepped()) {
        table.doubtClock(next.shards(), now.plus(clockWatch.lead()));
      }
      if (!next.known()) {
        table.doubtTakeover(next.shards(), now);
      }
      table.release(next.shards());
      draining.removeAll(next.shards());
      drained.remove();
      notifyAll();
    }
  }

  private void lockMore(ShardTable table, int count) {
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

  /** Takes the locked shards whose last owner surely sends no more. */
  private void takeWaiting(ShardTable table) {
    if (waiting.isEmpty()) {
      return;
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
    listener.taken(shards);
  }
}
