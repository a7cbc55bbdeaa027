package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's share of the shards: beats, takes what is free or whose owner has fallen silent
 * ({@link Taking}), gives up what is too much ({@link Draining}).
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

  private final ThisNode node;
  private final Database database;
  private final Lanes lanes;
  private final Listener listener;
  private final ClockWatch clockWatch;
  private final Pulse pulse = new Pulse();
  private final Draining draining;
  private final Taking taking;
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

  ShardKeeper(
      ThisNode node, Database database, Lanes lanes, AttemptLog attemptLog, Listener listener) {
    this.node = node;
    this.database = database;
    this.lanes = lanes;
    this.listener = listener;
    this.clockWatch = new ClockWatch(node.clock());
    this.draining = new Draining(lanes, node.clock());
    this.taking = new Taking(node, pulse, lanes, draining, attemptLog);
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
    draining.end(all, patience);
    runOnce();
    draining.awaitReleased(Draining.PATIENCE.multipliedBy(2));
  }

  private synchronized Set<Integer> stopTaking() {
    stopping = true;
    Set<Integer> all = lanes.owned().asSet();
    draining.begin(all);
    return all;
  }

  /** Ends the session; nothing may run any more. */
  synchronized void close() {
    int left = draining.shards().size();
    if (left > 0) {
      log.warn("node {}: {} shards could not be given up in order", node.name(), left);
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
    taking.forgetLocks();
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
    table.disown(without(without(strays, kept), draining.shards()), node.clock().instant());
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
    int surplus = owned.size() + taking.waiting() - share;
    if (surplus > 0) {
      giveUp(owned.stream().limit(surplus).collect(Collectors.toSet()));
    } else if (surplus < 0) {
      taking.lockMore(table, -surplus);
    }
    Set<Integer> taken = taking.takeWaiting(table);
    if (!taken.isEmpty()) {
      listener.taken(taken);
    }
  }

  private void giveUp(Set<Integer> shards) {
    draining.begin(shards);
    draining.endSoon(shards);
  }

  private void releaseDrained(ShardTable table) {
    for (Optional<Draining.Ended> next = draining.next();
        next.isPresent();
        next = draining.next()) {
      release(table, next.get());
      draining.released(next.get());
    }
  }

  private void release(ShardTable table, Draining.Ended ended) {
    Instant now = node.clock().instant();
    if (clockWatch.hasStepped()) {
      table.doubtClock(ended.shards(), now.plus(clockWatch.lead()));
    }
    if (!ended.known()) {
      table.doubtTakeover(ended.shards(), now);
    }
    table.release(ended.shards());
  }
}
