package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the database's time has stepped against the engine clock, which never steps.
 *
 * <p>A reading tells the lead of the database's time only as exactly as it took short: an answer
 * that came late, because this process was stopped meanwhile, is no step.
 */
final class ClockWatch {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final EngineClock clock;
  private @Nullable Lead last;
  private boolean stepped;

  /** The database's time is ahead of the engine clock by this much; both may be negative. */
  private record Lead(Duration atLeast, Duration atMost) {
    private boolean differsFrom(Lead other) {
      return atLeast.minus(STEP).compareTo(other.atMost) > 0
          || atMost.plus(STEP).compareTo(other.atLeast) < 0;
    }
  }

  ClockWatch(EngineClock clock) {
    this.clock = clock;
  }

  /**
   * Takes a reading of the database's time that was asked for at {@code askedAt}, on the engine
   * clock, and has just come; true when it has stepped by more than a second since the last one.
   */
  boolean stepsAt(Instant databaseTime, Instant askedAt) {
    Lead now = new Lead(clock.lead(databaseTime), Duration.between(askedAt, databaseTime));
    boolean steps = last != null && now.differsFrom(last);
    last = now;
    stepped |= steps;
    return steps;
  }

  /** Whether times stamped by this process disagree with those of one that starts later. */
  boolean hasStepped() {
    return stepped;
  }

  /** How far the database's time was ahead at the last reading. */
  Duration lead() {
    return last == null ? Duration.ZERO : last.atLeast();
  }
}
