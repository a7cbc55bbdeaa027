package dev.posthorn.db;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The one clock of the engine: the database's time when it was read, advanced by the monotonic
 * clock and never stepped while the process lives.
 *
 * <p>It stamps event ids, due times and attempts, so that nodes whose wall clocks differ agree, and
 * so that a wall clock set an hour forward or back neither stops deliveries nor breaks a rate
 * limit. Resolution: 1 µs.
 */
public final class EngineClock implements InstantSource {
  private final Instant base;
  private final LongSupplier nanoTicker;
  private final long baseNanos;

  /**
   * @param databaseTime what the database said the time is
   * @param nanoTicker a monotonic clock in nanoseconds, {@code System::nanoTime} outside tests
   */
  public EngineClock(Instant databaseTime, LongSupplier nanoTicker) {
    this.base = databaseTime;
    this.nanoTicker = nanoTicker;
    this.baseNanos = nanoTicker.getAsLong();
  }

  @Override
  public Instant instant() {
    return base.plusNanos((nanoTicker.getAsLong() - baseNanos) / 1_000 * 1_000);
  }

  /** The engine time at a reading of the monotonic clock. */
  public Instant at(long nanos) {
    return base.plusNanos((nanos - baseNanos) / 1_000 * 1_000);
  }

  /** The monotonic clock, for measuring how long something took. */
  public long nanos() {
    return nanoTicker.getAsLong();
  }

  /** How far a time read from the database is ahead of this clock; negative when it is behind. */
  public Duration lead(Instant databaseTime) {
    return Duration.between(instant(), databaseTime);
  }
}
