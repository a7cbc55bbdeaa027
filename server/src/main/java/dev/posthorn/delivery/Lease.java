package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Whether this node may still send: only while its own beat reached the database less than 3 s ago,
 * counted from just before the beat was sent. Who takes over a shard waits for longer than that.
 *
 * <p>A suspended machine may stop the monotonic clock as well, so a wall clock that has run ahead
 * of it ends the lease until the next beat.
 */
final class Lease {
  static final Duration LENGTH = Duration.ofSeconds(3);
  private static final Duration WALL_LEAD = Duration.ofSeconds(1);

  private final LongSupplier nanos;
  private final InstantSource wall;
  private volatile Beat last;

  private record Beat(long nanos, Instant wall, boolean valid) {}

  Lease(LongSupplier nanos, InstantSource wall) {
    this.nanos = nanos;
    this.wall = wall;
    this.last = new Beat(0, Instant.EPOCH, false);
  }

  /** The present moment, to be read just before a beat is sent. */
  Moment now() {
    return new Moment(nanos.getAsLong(), wall.instant());
  }

  record Moment(long nanos, Instant wall) {}

  /** A beat reached the database; it was sent at {@code sent}. */
  void renew(Moment sent) {
    last = new Beat(sent.nanos(), sent.wall(), true);
  }

  /** The session that beats is gone. */
  void end() {
    last = new Beat(0, Instant.EPOCH, false);
  }

  boolean isFresh() {
    Beat beat = last;
    long age = nanos.getAsLong() - beat.nanos();
    if (!beat.valid() || age >= LENGTH.toNanos()) {
      return false;
    }
    return Duration.between(beat.wall(), wall.instant()).minusNanos(age).compareTo(WALL_LEAD) < 0;
  }
}
