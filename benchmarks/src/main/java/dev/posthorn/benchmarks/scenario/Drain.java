package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Progress;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * How fast what has waited is sent, from when a tenth of it is and all webhooks are enabled, until
 * a tenth is left: so long all of them are at work.
 *
 * @param rounds how often so many wait and are drained; the rate is that of all rounds together
 * @param waiting deliveries before each round, for 16 webhooks
 * @param beside what is held open meanwhile
 */
public record Drain(String name, String about, int rounds, int waiting, Beside beside)
    implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final double WARM_UP = 10;
  private static final int WARM_UP_EACH = 10_000;
  private static final long LOOK = 500_000;
  private static final double MARGIN = 0.1;

  /**
   * What one backlog came to.
   *
   * @param deliveries that were sent in the time that counts
   * @param nanos how long that was
   * @param used from the enabling to the last outcome's being recorded
   */
  private record Drained(long deliveries, long nanos, Sample used) {
    Drained plus(Drained other) {
      return new Drained(deliveries + other.deliveries, nanos + other.nanos, used.plus(other.used));
    }
  }

  /** What goes on in the database. */
  public enum Beside {
    NOTHING,
    /** A session that keeps everything visible that it saw, so that no dead row is cleaned up. */
    SNAPSHOT
  }

  /** Short backlogs. */
  public static Drain ofTenThousand() {
    return new Drain("drain-10k", "10,000 wait for 16 webhooks", 10, 10_000, Beside.NOTHING);
  }

  /** A long one. */
  public static Drain ofMillion() {
    return new Drain("drain-1m", "1,000,000 wait for 16 webhooks", 1, 1_000_000, Beside.NOTHING);
  }

  /** A long one whose traces cannot be cleaned up. */
  public static Drain besideSnapshot() {
    return new Drain(
        "drain-snapshot",
        "1,000,000 settles while another session holds a snapshot open",
        1,
        1_000_000,
        Beside.SNAPSHOT);
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    int each = stage.effort().count(waiting);
    try (Webhooks webhooks = world.webhooks(Wanted.healthy(16))) {
      long warm = System.nanoTime() + stage.effort().duration(WARM_UP).toNanos();
      while (System.nanoTime() < warm) {
        drain(world, webhooks, Math.min(WARM_UP_EACH, each));
      }
      Drained all = drain(world, webhooks, each);
      for (int round = 1; round < rounds; round++) {
        all = all.plus(drain(world, webhooks, each));
      }
      Figures figures = Measurement.delivering(Figures.NONE, all.used());
      return Measurement.memory(world, figures)
          .with(Quantity.RATE, all.deliveries() / (double) all.nanos() * 1e9);
    }
  }

  private Drained drain(World world, Webhooks webhooks, int deliveries) {
    webhooks.disable();
    Backlog.store(world, webhooks.accounts(), deliveries);
    return switch (beside) {
      case NOTHING -> timed(world, webhooks, deliveries);
      case SNAPSHOT -> besideSnapshot(world, webhooks, deliveries);
    };
  }

  private static Drained besideSnapshot(World world, Webhooks webhooks, int deliveries) {
    try (Handle session = world.storage().database().session()) {
      session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      session.execute("SELECT 1 FROM account LIMIT 1"); // the snapshot is taken here
      Drained drained = timed(world, webhooks, deliveries);
      session.execute("ROLLBACK");
      return drained;
    }
  }

  private static Drained timed(World world, Webhooks webhooks, int deliveries) {
    Progress received = world.received();
    long before = received.get();
    Sample from = Sample.of(world);
    Thread enabling = Thread.ofVirtual().start(webhooks::enable);
    long margin = Math.round(deliveries * MARGIN);
    await(() -> received.get() >= before + margin && !enabling.isAlive());
    long first = received.get();
    long begin = System.nanoTime();
    await(() -> received.get() >= before + deliveries - margin);
    long sent = received.get() - first;
    long nanos = System.nanoTime() - begin;
    Wait.until("the backlog is recorded", PATIENCE, () -> webhooks.waiting() == 0);
    return new Drained(sent, nanos, Sample.between(from, Sample.of(world)));
  }

  private static void await(BooleanSupplier condition) {
    Wait.until("the backlog is sent", PATIENCE, LOOK, condition);
  }
}
