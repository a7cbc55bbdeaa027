package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.egress.HostResolver;
import dev.posthorn.egress.UrlRule;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Lanes with no engine around them, and no lease: nothing is sent. */
final class LaneFixture implements AutoCloseable {
  final EngineFixture engines = new EngineFixture();
  final Workers workers = new Workers(4, 2);
  private final AtomicLong aheadNanos = new AtomicLong();
  private final EngineClock clock =
      new EngineClock(engines.clock.instant(), () -> System.nanoTime() + aheadNanos.get());
  private final Lease lease = new Lease(clock::nanos, engines.wall);
  private final Recorder recorder = new Recorder(engines.database, 1, clock);
  private final LaneParts parts =
      new LaneParts(
          clock,
          engines.ids,
          lease,
          new NodeSlots(10),
          workers,
          new Sender(engines.client(HostResolver.system()), engines.wall, "test"),
          new Judge(DeliverySettings.DEFAULTS.schedule(), new Random(1), engines.wall),
          recorder,
          queue(),
          new BufferBudget(1 << 20),
          DeliverySettings.DEFAULTS);

  /** The lane of a webhook, not open yet. */
  Lane lane(long webhook) {
    LaneTarget target =
        new LaneLoader(database(), engines.secrets, new UrlRule(engines.policy))
            .load(EngineFixture.ACCOUNT, webhook, clock.instant())
            .orElseThrow();
    return new Lane(
        target,
        new RateWindow(target.rateLimit()),
        new FailureRun(DeliverySettings.DEFAULTS.disableAfter(), target.failing()),
        () -> {},
        parts);
  }

  /** Lets the lanes send, for as long as a lease lasts. */
  void renewLease() {
    lease.renew(lease.now());
  }

  Database database() {
    return engines.database;
  }

  DeliveryQueue queue() {
    return new DeliveryQueue(engines.database);
  }

  /** Sets the clock of the lanes forward. */
  void advance(Duration time) {
    aheadNanos.addAndGet(time.toNanos());
  }

  @Override
  public void close() {
    workers.close();
    recorder.close();
    engines.close();
  }
}
