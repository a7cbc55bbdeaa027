package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.CpuTime;
import java.time.Duration;

/**
 * What was used up to a moment.
 *
 * @param nanos the moment
 * @param settled deliveries that came to their end
 * @param wal bytes that PostgreSQL has logged
 */
record Sample(
    long nanos,
    Duration posthorn,
    Duration postgres,
    Duration generator,
    Duration receiver,
    long settled,
    long wal) {
  private static final String SETTLED =
      "SELECT coalesce(sum(delivered + given_up), 0) FROM posthorn.webhook_minute";
  private static final String WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

  static Sample of(World world) {
    return new Sample(
        System.nanoTime(),
        CpuTime.of(world.server().pid()),
        CpuTime.ofFamily(world.postgresPid()),
        CpuTime.of(world.generator().pid()),
        CpuTime.of(world.receiver().pid()),
        world.count(SETTLED),
        world.count(WAL));
  }

  double secondsUntil(Sample later) {
    return (later.nanos - nanos) / 1e9;
  }
}
