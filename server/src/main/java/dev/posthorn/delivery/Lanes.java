package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of the webhooks whose shards this node owns. A lane is made when its webhook has
 * something to do, and forgotten when the database knows all that it knows.
 */
final class Lanes {
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private final Map<Long, Lane> lanes = new ConcurrentHashMap<>();
  private final Set<Long> loading = ConcurrentHashMap.newKeySet();
  private final Map<Long, Long> awaited =
      new ConcurrentHashMap<>(); // revisions to be read, by webhook
  private final OwnedShards owned = new OwnedShards();
  private final LaneParts parts;
  private final LaneLoader loader;
  private final Cancellation cancellation;
  private final IntentWork intents;

  Lanes(LaneParts parts, LaneLoader loader, Cancellation cancellation, IntentWork intents) {
    this.parts = parts;
    this.loader = loader;
    this.cancellation = cancellation;
    this.intents = intents;
  }

  OwnedShards owned() {
    return owned;
  }

  /** From now on this node sends for a shard, minding what was sent for it lately. */
  void own(int shard, AttemptLog.Recent recent) {
    owned.add(shard, WindowMemory.of(shard, recent, parts.settings()));
  }

  /** Takes deliveries that were just published for a webhook of an owned shard. */
  void handOver(long accountId, long webhookId, List<Delivery> deliveries) {
    Lane lane = lanes.get(webhookId);
    if (lane == null || !lane.handOver(deliveries)) {
      load(accountId, webhookId);
    }
  }

  /** A webhook has due deliveries in the database. */
  void wake(long accountId, long webhookId) {
    Lane lane = lanes.get(webhookId);
    if (lane == null) {
      load(accountId, webhookId);
    } else if (lane.isBehind()) {
      load(accountId, webhookId);
    } else if (lane.target().state() == LaneTarget.State.DELETED) {
      cancelAll(lane.key());
    } else {
      lane.probe();
    }
  }

  /** Something is asked of a webhook's deliveries: its owner carries it out. */
  void carryOutIntents(long accountId, long webhookId) {
    if (!owned.contains(Webhook.shardOf(webhookId))) {
      return;
    }
    Lane lane = lanes.get(webhookId);
    if (lane == null) {
      load(accountId, webhookId); // a new lane begins with what is asked
    } else {
      parts.workers().run(() -> intents.carryOutAll(lane));
    }
  }

  /**
   * A webhook was changed: from now on, on this node, no request begins that follows an earlier
   * revision. {@link #reload} makes it known to the lane.
   */
  void await(long webhookId, long revision) {
    owned.ifOwned(
        Webhook.shardOf(webhookId),
        windows -> {
          awaited.merge(webhookId, revision, Math::max);
          Lane lane = lanes.get(webhookId);
          if (lane != null) {
            lane.await(revision);
          }
        });
  }

  /**
   * Reads a webhook anew, and applies it.
   *
   * @throws RuntimeException when the database is away; what is awaited stays awaited, and the
   *     sweep comes back to it
   */
  void reload(long accountId, long webhookId) {
    Optional<LaneTarget> target = loader.load(accountId, webhookId, parts.clock().instant());
    Lane lane = lanes.get(webhookId);
    if (lane != null) {
      // Read after the webhook: a revision is never followed without the skip that came with it.
      // A lane that is made meanwhile reads it before it begins.
      intents.enforceSkips(lane);
    }
    target.ifPresent(this::apply);
  }

  /**
   * Applies a change of a webhook. Even if the webhook cannot be read now, nothing that does not
   * follow the change is sent.
   */
  void follow(long accountId, long webhookId, long revision) {
    await(webhookId, revision);
    try {
      reload(accountId, webhookId);
    } catch (RuntimeException e) {
      log.warn("webhook {} waits for its revision {}: {}", webhookId, revision, e.getMessage());
    }
  }

  /**
   * Reads anew all webhooks with lanes in these shards that were changed unheard. One that cannot
   * be read waits alone.
   *
   * @throws RuntimeException when the database is away
   */
  void catchUp(Set<Integer> shards) {
    List<LaneTarget> targets =
        lanes.values().stream()
            .map(Lane::target)
            .filter(target -> shards.contains(target.key().shard()))
            .toList();
    Map<Long, Long> revisions = loader.revisions(targets);
    targets.forEach(target -> await(target.key().webhookId(), revision(target, revisions)));
    targets.stream()
        .filter(target -> revision(target, revisions) > target.revision())
        .forEach(target -> catchUp(target.key()));
  }

  private static long revision(LaneTarget target, Map<Long, Long> revisions) {
    return revisions.getOrDefault(target.key().webhookId(), target.revision());
  }

  private void catchUp(LaneKey key) {
    try {
      reload(key.accountId(), key.webhookId());
    } catch (RuntimeException e) {
      if (Database.isTransient(e)) {
        throw e;
      }
      log.warn("webhook {} waits until it can be read", key.publicId(), e);
    }
  }

  private void apply(LaneTarget target) {
    owned.ifOwned(target.key().shard(), windows -> applyOwned(target, windows));
  }

  private void applyOwned(LaneTarget target, WindowMemory windows) {
    LaneKey key = target.key();
    if (target.revision() < awaited.getOrDefault(key.webhookId(), 0L)) {
      return; // read before a change that is still to be read
    }
    awaited.computeIfPresent(
        key.webhookId(), (id, revision) -> revision <= target.revision() ? null : revision);
    Lane existing = lanes.get(key.webhookId());
    if (existing == null) {
      add(target, windows);
    } else {
      existing.change(target);
    }
    if (target.state() == LaneTarget.State.DELETED) {
      cancelAll(key);
    }
  }

  private void cancelAll(LaneKey key) {
    parts.workers().run(() -> cancellation.cancelAll(key));
  }

  /**
   * Makes a lane away from the caller's thread. It then reads what is due: nothing needs to be kept
   * for it.
   */
  private void load(long accountId, long webhookId) {
    if (loading.add(webhookId)) {
      parts.workers().runFetch(() -> loadNow(accountId, webhookId));
    }
  }

  private void loadNow(long accountId, long webhookId) {
    try {
      reload(accountId, webhookId);
    } catch (RuntimeException e) {
      if (!Database.isTransient(e)) {
        log.error("webhook {} of account {} could not be loaded", webhookId, accountId, e);
      }
    } finally {
      loading.remove(webhookId);
    }
  }

  private void add(LaneTarget target, WindowMemory windows) {
    LaneKey key = target.key();
    Lane lane =
        new Lane(
            target,
            windows.windowOf(target, parts.clock().instant()),
            new FailureRun(parts.settings().disableAfter(), target.failing()),
            () -> reload(key.accountId(), key.webhookId()),
            parts);
    lanes.put(key.webhookId(), lane);
    // What is asked of its deliveries is in force before the lane begins.
    parts.workers().run(() -> intents.carryOutAll(lane));
  }

  /** Forgets lanes that have had nothing to do for longer than their rate windows remember. */
  void forgetIdle() {
    for (Long webhookId : lanes.keySet()) {
      lanes.computeIfPresent(webhookId, (id, lane) -> lane.retireIfIdle() ? null : lane);
    }
    owned.forgetWindows(parts.clock().instant());
  }

  Collection<Lane> all() {
    return List.copyOf(lanes.values());
  }

  /**
   * Gives these shards' lanes up in order: begins nothing more, waits for what is under way, and
   * writes down what is then still open.
   *
   * @return false when not all of that could be written down
   */
  boolean drain(Set<Integer> shards, Duration patience) {
    List<Lane> draining =
        lanes.values().stream().filter(lane -> shards.contains(lane.key().shard())).toList();
    draining.forEach(Lane::drain);
    awaitQuiet(draining, parts.clock().instant().plus(patience));
    List<Sending> open = draining.stream().flatMap(lane -> lane.stillInFlight().stream()).toList();
    boolean known = leaveOpen(open) && draining.stream().noneMatch(Lane::hasUnrecorded);
    draining.forEach(lane -> lanes.remove(lane.key().webhookId(), lane));
    return known;
  }

  private static void awaitQuiet(List<Lane> draining, Instant deadline) {
    try {
      for (Lane lane : draining) {
        lane.awaitQuiet(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All at once: each waits for its commit. */
  private boolean leaveOpen(List<Sending> open) {
    Instant endedBy = parts.clock().instant().plus(parts.settings().exchangeDeadline());
    List<Future<?>> stored =
        open.stream()
            .<Future<?>>map(sending ->
                parts.workers().submit(() -> parts.recorder().record(sending.leftOpen(endedBy))))
            .toList();
    boolean known = true;
    for (Future<?> one : stored) {
      known &= succeeds(one);
    }
    return known;
  }

  private static boolean succeeds(Future<?> stored) {
    try {
      stored.get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.error("an attempt under way could not be written down", e.getCause());
    }
    return false;
  }

  /**
   * Drops these shards' lanes: another node may own them already. What is under way is recorded
   * when it ends.
   */
  void abandon(Set<Integer> shards) {
    List<Lane> lost =
        lanes.values().stream().filter(lane -> shards.contains(lane.key().shard())).toList();
    lost.forEach(Lane::drain);
    lost.forEach(lane -> lanes.remove(lane.key().webhookId(), lane));
  }
}
