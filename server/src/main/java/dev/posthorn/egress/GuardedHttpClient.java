package dev.posthorn.egress;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to addresses that the policy allows, each within one deadline.
 *
 * <p>Every new connection goes to an address that was looked up and checked for it; a kept one
 * still leads where it was checked. Nothing is followed, retried, authenticated, inflated or
 * remembered: what happened is returned as an {@link Exchange}. Blocking, safe for any number of
 * threads, and meant for virtual ones.
 */
public final class GuardedHttpClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedHttpClient.class);

  private static final Duration LONGEST_TICK = Duration.ofMillis(200);

  private final EgressSettings settings;
  private final LongSupplier nanoTicker;
  private final Lookups lookups;
  private final Errand.Parts parts;
  private final DeadlineWatch watch;
  private final ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("egress-deadlines").factory());

  /**
   * @param tls decides which certificates are trusted
   * @param nanoTicker monotonic nanoseconds, as {@link System#nanoTime}
   */
  public GuardedHttpClient(
      EgressSettings settings,
      EgressPolicy policy,
      HostResolver resolver,
      SSLContext tls,
      LongSupplier nanoTicker) {
    this.settings = settings;
    this.nanoTicker = nanoTicker;
    this.lookups = new Lookups(resolver, settings.times().dns(), settings.lookupThreads());
    this.parts =
        new Errand.Parts(
            settings,
            new Targets(policy, lookups),
            new Connector(tls, settings.times().connect()),
            new ConnectionPool(settings.maxConnections()));
    this.watch = new DeadlineWatch(settings.times().exchange(), nanoTicker);
    startChores();
  }

  private void startChores() {
    long tickMillis =
        Math.clamp(settings.times().exchange().toMillis() / 20, 1, LONGEST_TICK.toMillis());
    var _ =
        chores.scheduleWithFixedDelay(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
  }

  /** A scheduled task that throws never runs again, and without this one no deadline holds. */
  private void tick() {
    try {
      watch.tick();
      parts.pool().closeIdle(settings.times().idle(), nanoTicker.getAsLong());
    } catch (RuntimeException | Error e) {
      LOG.error("Could not look after open exchanges; will try again", e);
    }
  }

  /** Looks at the target's addresses without connecting; blocks for the look-up's time at most. */
  public HostCheck check(TargetUrl url) {
    return parts.targets().check(url, settings.times().dns());
  }

  /** Sends one request, unless the gate is shut when the connection stands. */
  public Exchange post(OutboundRequest request, WriteGate gate) {
    Flight flight = watch.begin();
    try {
      return new Errand(parts, request, gate, flight).run();
    } catch (ExchangeFailure e) {
      return flight.failed(e.failure());
    } finally {
      watch.end(flight);
    }
  }

  /** Connections in use and idle, for gauges. */
  public int connections() {
    return parts.pool().size();
  }

  /** Stops every exchange that is under way, and makes those that come fail as cancelled. */
  @Override
  public void close() {
    watch.close();
    lookups.close();
    parts.pool().close();
    chores.shutdownNow();
  }
}
