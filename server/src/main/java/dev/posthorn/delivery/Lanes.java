package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of the webhooks whose shards this node owns. A lane is made when its webhook has
 * something to do, and forgotten when the database knows all that it knows.
 */
final class Lanes {
  private static final Duration BEGIN_AGAIN = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private final Map<Long, Lane> lanes = new ConcurrentHashMap<>();
  private final Set<Long> loading = ConcurrentHashMap.newKeySet();
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

  /** Takes a delivery that was just published for a webhook of an owned shard. */
  void handOver(long accountId, long webhookId, Delivery delivery) {
    Lane lane = lanes.get(webhookId);
    if (lane == null || !lane.handOver(delivery)) {
      load(accountId, webhookId);
    }
  }

  /** A webhook has due deliveries in the database. */
  void wake(long accountId, long webhookId) {
    Lane lane = lanes.get(webhookId);
    if (lane == null) {
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
      parts.workers().runFetch(() -> intents.carryOutAll(lane));
    }
  }

  /** Applies a changed webhook; when this returns, no request begins that does not follow it. */
  void reload(long accountId, long webhookId) {
    Lane lane = lanes.get(webhookId);
    if (lane != null) {
      loader
          .load(accountId, webhookId, parts.clock().instant())
          .ifPresent(loaded -> apply(lane, loaded.target()));
    } else {
      load(accountId, webhookId);
    }
  }

  private void apply(Lane lane, LaneTarget target) {
    lane.change(target);
    if (target.state() == LaneTarget.State.DELETED) {
      cancelAll(target.key());
    }
  }

  private void cancelAll(LaneKey key) {
    parts.workers().runFetch(() -> cancellation.cancelAll(key));
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
      loader
          .load(accountId, webhookId, parts.clock().instant())
          .ifPresent(loaded ->
              owned.ifOwned(loaded.target().key().shard(), windows -> add(loaded, windows)));
    } catch (RuntimeException e) {
      if (!Database.isTransient(e)) {
        log.error("webhook {} of account {} could not be loaded", webhookId, accountId, e);
      }
    } finally {
      loading.remove(webhookId);
    }
  }

  private void add(LaneLoader.Loaded loaded, WindowMemory windows) {
    LaneTarget target = loaded.target();
    RateWindow window = windows.windowOf(target, parts.clock().instant());
    FailureRun failures =
        new FailureRun(parts.settings().disableAfter(), target.failingSince(), loaded.warned());
    Lane lane = new Lane(target, window, failures, parts);
    Lane existing = lanes.putIfAbsent(target.key().webhookId(), lane);
    if (existing != null) {
      existing.probe();
      return;
    }
    if (target.state() == LaneTarget.State.DELETED) {
      cancelAll(target.key());
    }
    parts.workers().runFetch(() -> begin(lane));
  }

  /**
   * What is asked of its deliveries is in force before the lane begins; without the database it
   * does not begin.
   */
  private void begin(Lane lane) {
    try {
      intents.carryOutAll(lane);
    } catch (RuntimeException e) {
      log.warn(
          "lane of webhook {} waits for the database: {}", lane.key().publicId(), e.getMessage());
      var _ =
          parts.workers().runLater(() -> parts.workers().runFetch(() -> begin(lane)), BEGIN_AGAIN);
    }
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
   */
  void drain(Set<Integer> shards, Duration patience) {
    List<Lane> draining =
        lanes.values().stream().filter(lane -> shards.contains(lane.key().shard())).toList();
    draining.forEach(Lane::drain);
    Instant deadline = parts.clock().instant().plus(patience);
    List<Lane> unquiet = new ArrayList<>();
    try {
      for (Lane lane : draining) {
        if (!lane.awaitQuiet(deadline)) {
          unquiet.add(lane);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      unquiet.addAll(draining);
    }
    unquiet.forEach(this::leaveOpen);
    draining.forEach(lane -> lanes.remove(lane.key().webhookId(), lane));
  }

  private void leaveOpen(Lane lane) {
    Instant endedBy = parts.clock().instant().plus(parts.settings().exchangeDeadline());
    for (Sending sending : lane.stillInFlight()) {
      parts.recorder().record(sending.leftOpen(endedBy));
    }
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
