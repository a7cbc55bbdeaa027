package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.webhook.Webhook;
import dev.posthorn.webhook.WebhookChanges;
import dev.posthorn.webhook.WebhookSecrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Takes what was published to its receivers: everything behind the hand-over, put together.
 *
 * <p>Runs three loops (beats and shards, the sweep, calls from other nodes) until it is stopped.
 */
public final class DeliveryEngine {
  private static final int CONCURRENT_FETCHES = 4;
  private static final int CONCURRENT_SLICES = 2;
  private static final int RECORDERS = 1;
  private static final int BUFFERS_SHARE_OF_HEAP = 4; // a quarter

  /** Half of what others allow for: the silence of a dead node is noticed within 5 s. */
  private static final Duration BEAT = Duration.ofMillis(500);

  private final Lanes lanes;
  private final Bell bell;
  private final Changes changes;
  private final Recorder recorder;
  private final Workers workers;
  private final ShardKeeper keeper;
  private final Loop shards;
  private final Loop sweeps;
  private final Sweep sweep;

  /**
   * What the engine works with.
   *
   * @param name of this node, for people
   * @param alone whether no other node can use the database
   * @param version for the user agent
   */
  public record Parts(
      String name,
      boolean alone,
      String version,
      Database database,
      EngineClock clock,
      InstantSource wallClock,
      RandomGenerator random,
      GuardedHttpClient client,
      UrlRule urlRule,
      WebhookSecrets secrets,
      Partitions partitions,
      DeliverySettings settings) {}

  public DeliveryEngine(Parts parts) {
    EngineClock clock = parts.clock();
    DeliverySettings settings = parts.settings();
    Lease lease = new Lease(clock::nanos, parts.wallClock());
    DeliveryQueue queue = new DeliveryQueue(parts.database());
    this.recorder = new Recorder(parts.database(), RECORDERS, clock);
    this.workers = new Workers(CONCURRENT_FETCHES, CONCURRENT_SLICES);
    LaneParts shared =
        new LaneParts(
            clock,
            new TimeOrderedIds(clock, parts.random()),
            lease,
            new NodeSlots(settings.nodeInFlight()),
            workers,
            new Sender(parts.client(), parts.wallClock(), parts.version()),
            new Judge(settings.schedule(), parts.random(), parts.wallClock()),
            recorder,
            queue,
            new BufferBudget(Runtime.getRuntime().maxMemory() / BUFFERS_SHARE_OF_HEAP),
            settings);
    LaneLoader loader = new LaneLoader(parts.database(), parts.secrets(), parts.urlRule());
    this.lanes =
        new Lanes(
            shared,
            loader,
            new Cancellation(parts.database(), workers, clock),
            new IntentWork(parts.database(), queue, workers, clock));
    this.sweep = new Sweep(queue, lanes, parts.partitions(), clock);
    this.bell = new Bell(parts.database(), new Calls(sweep));
    this.changes = new Changes(lanes, bell);
    ThisNode node = new ThisNode(UUID.randomUUID(), parts.name(), parts.alone(), clock, lease);
    AttemptLog attemptLog = new AttemptLog(parts.database(), settings.exchangeDeadline());
    this.keeper =
        new ShardKeeper(node, parts.database(), lanes, attemptLog, new Consequences(sweep));
    this.shards = new Loop("shards", BEAT, keeper::runOnce);
    this.sweeps = new Loop("sweep", settings.sweepInterval(), sweep::runOnce);
  }

  public void start() {
    shards.start();
    sweeps.start();
    bell.start();
  }

  /** A delivery that was published and committed. */
  public record Published(
      long accountId,
      long webhookId,
      UUID eventId,
      String eventType,
      byte[] payload,
      java.time.Instant at) {
    private Delivery delivery() {
      return Delivery.fresh(eventId, eventType, payload, at);
    }
  }

  /**
   * Hands over what was committed: to lanes of this node, else by calling the owner. Does not block
   * on receivers.
   */
  public void handOver(Collection<Published> deliveries) {
    Map<Long, List<Published>> byWebhook = new LinkedHashMap<>();
    for (Published published : deliveries) {
      byWebhook.computeIfAbsent(published.webhookId(), webhook -> new ArrayList<>()).add(published);
    }
    Set<Integer> elsewhere = new TreeSet<>();
    byWebhook.forEach((webhook, ofOne) -> {
      if (lanes.owned().contains(Webhook.shardOf(webhook))) {
        lanes.handOver(
            ofOne.getFirst().accountId(),
            webhook,
            ofOne.stream().map(Published::delivery).toList());
      } else {
        elsewhere.add(Webhook.shardOf(webhook));
      }
    });
    if (!elsewhere.isEmpty()) {
      workers.run(() -> bell.ringWork(elsewhere));
    }
  }

  /** Something was stored that the owner of a webhook is to carry out: it is called. */
  void carryOut(long accountId, long webhookId) {
    if (lanes.owned().contains(Webhook.shardOf(webhookId))) {
      lanes.carryOutIntents(accountId, webhookId);
    } else {
      workers.run(() -> bell.ring(Bell.INTENT, accountId + ":" + webhookId));
    }
  }

  /** Looks for due work once, as the loop does every few seconds. */
  void sweep() {
    sweep.runOnce();
  }

  /** To be told of every change of a webhook. */
  public WebhookChanges changes() {
    return changes;
  }

  /** Whether this node has its session with the database, and so may send. */
  public boolean isConnected() {
    return keeper.isConnected();
  }

  /** How many shards this node owns. */
  public int ownedShards() {
    return lanes.owned().list().size();
  }

  /** How many requests are under way. */
  public int inFlight() {
    return lanes.all().stream().mapToInt(Lane::inFlight).sum();
  }

  /**
   * Stops in order: begins nothing more, lets what is under way end and be recorded, gives the
   * shards up.
   *
   * @param grace how long that may take
   */
  public void stop(Duration grace) {
    bell.close();
    sweeps.stop();
    keeper.drain(grace);
    shards.stop();
    keeper.close();
    workers.close();
    recorder.close();
  }

  /** What follows from keeping shards; away from the thread that beats. */
  private final class Consequences implements ShardKeeper.Listener {
    private final Sweep sweep;

    private Consequences(Sweep sweep) {
      this.sweep = sweep;
    }

    @Override
    public void taken(Set<Integer> shards) {
      workers.run(() -> sweep.run(shards));
    }

    @Override
    public void othersGone() {
      workers.run(() -> sweep.runForNew(lanes.owned().list()));
    }

    @Override
    public void webhookChanged(String call) {
      bell.hear(Bell.WEBHOOK, call);
    }
  }

  /** What other nodes call for. */
  private final class Calls implements Bell.Listener {
    private final Sweep sweep;

    private Calls(Sweep sweep) {
      this.sweep = sweep;
    }

    @Override
    public void work(Collection<Integer> shards) {
      sweep.runForNew(shards);
    }

    @Override
    public void webhookChanged(long accountId, long webhookId, long revision) {
      changes.heard(webhookId, revision);
      workers.run(() -> changes.apply(accountId, webhookId, revision));
    }

    @Override
    public void intentStored(long accountId, long webhookId) {
      lanes.carryOutIntents(accountId, webhookId);
    }

    @Override
    public void webhookApplied(long webhookId, long revision) {
      changes.confirmed(webhookId, revision);
    }

    @Override
    public void listening() {
      sweep.runOnce();
    }
  }
}
