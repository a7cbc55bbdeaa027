package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.CpuTime;
import java.time.Duration;

/**
 * What was used up to a moment.
 *
 * @param nanos the moment
 * @param machine all processes of this machine together
 * @param settled deliveries that came to their end
 * @param wal bytes that PostgreSQL has logged
 * @param stored bytes of all tables and indexes
 * @param checkpoints that PostgreSQL has ended
 */
record Sample(
    long nanos,
    Processors processors,
    Duration machine,
    long settled,
    long wal,
    long stored,
    long checkpoints) {
  private static final String SETTLED =
      "SELECT coalesce(sum(delivered + given_up), 0) FROM webhook_minute";
  private static final String WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";
  private static final String STORED =
      """
      SELECT sum(pg_total_relation_size(oid)) FROM pg_class
      WHERE relnamespace = 'posthorn'::regnamespace AND relkind = 'r'
      """;

  private static final String CHECKPOINTS = "SELECT num_done FROM pg_stat_checkpointer";

  /** Processor time of each part. */
  record Processors(
      Duration posthorn, Duration postgres, Duration generator, Duration receiver, Duration us) {
    Processors minus(Processors earlier) {
      return new Processors(
          posthorn.minus(earlier.posthorn),
          postgres.minus(earlier.postgres),
          generator.minus(earlier.generator),
          receiver.minus(earlier.receiver),
          us.minus(earlier.us));
    }

    Processors plus(Processors other) {
      return new Processors(
          posthorn.plus(other.posthorn),
          postgres.plus(other.postgres),
          generator.plus(other.generator),
          receiver.plus(other.receiver),
          us.plus(other.us));
    }

    Duration sum() {
      return posthorn.plus(postgres).plus(generator).plus(receiver).plus(us);
    }
  }

  static Sample of(World world) {
    return new Sample(
        System.nanoTime(),
        new Processors(
            CpuTime.of(world.server().pid()),
            CpuTime.ofFamily(world.storage().pid()),
            CpuTime.of(world.generator().pid()),
            CpuTime.of(world.receiver().pid()),
            CpuTime.of(ProcessHandle.current().pid())),
        CpuTime.ofMachine(),
        world.storage().count(SETTLED),
        world.storage().count(WAL),
        world.storage().count(STORED),
        world.storage().count(CHECKPOINTS));
  }

  /** What was used between two moments. */
  static Sample between(Sample from, Sample to) {
    return new Sample(
        to.nanos - from.nanos,
        to.processors.minus(from.processors),
        to.machine.minus(from.machine),
        to.settled - from.settled,
        to.wal - from.wal,
        to.stored - from.stored,
        to.checkpoints - from.checkpoints);
  }

  /** What was used in two stretches of time together. */
  Sample plus(Sample other) {
    return new Sample(
        nanos + other.nanos,
        processors.plus(other.processors),
        machine.plus(other.machine),
        settled + other.settled,
        wal + other.wal,
        stored + other.stored,
        checkpoints + other.checkpoints);
  }

  double seconds() {
    return nanos / 1e9;
  }

  /** Of one core. */
  double share(Duration used) {
    return used.toNanos() / (double) nanos;
  }

  /** What was used by processes that are no part of the benchmark, of one core. */
  double others() {
    return Math.max(0, share(machine.minus(processors.sum())));
  }

  double microsEach(Duration used) {
    return used.toNanos() / 1e3 / settled;
  }
}
