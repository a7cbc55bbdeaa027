package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Progress;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * How fast what has waited is sent: the middle 80 % of it, when all webhooks are at work.
 *
 * @param rounds how often so many wait and are drained; the rate is that of all rounds together
 * @param waiting deliveries before each round, for 16 webhooks
 * @param beside what is held open meanwhile
 */
public record Drain(String name, String about, int rounds, int waiting, Beside beside)
    implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int WARM_UP = 10_000;
  private static final long LOOK = 500_000;
  private static final double MIDDLE = 0.8;

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
    int each = stage.effort().count(waiting);
    try (Webhooks webhooks = stage.world().webhooks(Wanted.healthy(16))) {
      drain(stage.world(), webhooks, Math.min(WARM_UP, each));
      Sample from = Sample.of(stage.world());
      long nanos = 0;
      for (int round = 0; round < rounds; round++) {
        nanos += drain(stage.world(), webhooks, each);
      }
      Sample used = Sample.between(from, Sample.of(stage.world()));
      return Measurement.memory(stage.world(), Figures.NONE)
          .with(Quantity.RATE, MIDDLE * rounds * each / nanos * 1e9)
          .with(Quantity.OTHERS_SHARE, used.others());
    }
  }

  private long drain(World world, Webhooks webhooks, int deliveries) {
    webhooks.disable();
    Backlog.store(world, webhooks.accounts(), deliveries);
    return switch (beside) {
      case NOTHING -> timed(world, webhooks, deliveries);
      case SNAPSHOT -> besideSnapshot(world, webhooks, deliveries);
    };
  }

  private static long besideSnapshot(World world, Webhooks webhooks, int deliveries) {
    try (Handle session = world.storage().database().session()) {
      session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      session.execute("SELECT 1 FROM account LIMIT 1"); // the snapshot is taken here
      long nanos = timed(world, webhooks, deliveries);
      session.execute("ROLLBACK");
      return nanos;
    }
  }

  /** Returns the nanoseconds that the middle part took. */
  private static long timed(World world, Webhooks webhooks, int deliveries) {
    Progress received = world.received();
    long before = received.get();
    Thread enabling = Thread.ofVirtual().start(webhooks::enable);
    long begin = momentOf(received, before + Math.round(deliveries * (1 - MIDDLE) / 2));
    long end = momentOf(received, before + Math.round(deliveries * (1 + MIDDLE) / 2));
    Wait.until("the webhooks are enabled", PATIENCE, () -> !enabling.isAlive());
    Wait.until("the backlog is recorded", PATIENCE, () -> webhooks.waiting() == 0);
    return end - begin;
  }

  private static long momentOf(Progress received, long count) {
    Wait.until("the backlog is sent", PATIENCE, LOOK, () -> received.get() >= count);
    return System.nanoTime();
  }
}
