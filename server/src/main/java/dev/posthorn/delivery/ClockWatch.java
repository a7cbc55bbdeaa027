package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notices that the database's time has stepped against the engine clock, which never steps. */
final class ClockWatch {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final EngineClock clock;
  private @Nullable Duration lead;
  private boolean stepped;

  ClockWatch(EngineClock clock) {
    this.clock = clock;
  }

  /**
   * Takes a reading of the database's time; true when it has stepped by more than a second since
   * the last one.
   */
  boolean stepsAt(Instant databaseTime) {
    Duration now = clock.lead(databaseTime);
    boolean steps = lead != null && now.minus(lead).abs().compareTo(STEP) > 0;
    lead = now;
    stepped |= steps;
    return steps;
  }

  /** Whether times stamped by this process disagree with those of one that starts later. */
  boolean hasStepped() {
    return stepped;
  }

  /** How far the database's time was ahead at the last reading. */
  Duration lead() {
    return lead == null ? Duration.ZERO : lead;
  }
}
