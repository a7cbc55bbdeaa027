package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.db.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos;
  private Instant database = START;
  private final EngineClock clock = new EngineClock(START, () -> nanos);
  private final ClockWatch watch = new ClockWatch(clock);

  @Test
  void noticesAStepEitherWayOnceAndRemembersIt() {
    assertThat(reading(Duration.ZERO)).isFalse();
    database = database.plusMillis(900);
    assertThat(reading(Duration.ZERO)).isFalse();
    assertThat(watch.hasStepped()).isFalse();

    database = database.plus(Duration.ofHours(1));
    assertThat(reading(Duration.ZERO)).isTrue();
    assertThat(reading(Duration.ZERO)).isFalse();
    assertThat(watch.hasStepped()).isTrue();
    assertThat(watch.lead()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));

    database = database.minus(Duration.ofHours(1));
    assertThat(reading(Duration.ZERO)).isTrue();
  }

  @Test
  void anAnswerThatComesLateIsNoStep() {
    assertThat(reading(Duration.ZERO)).isFalse();
    assertThat(reading(Duration.ofSeconds(20))).isFalse();
    assertThat(reading(Duration.ZERO)).isFalse();
    assertThat(watch.hasStepped()).isFalse();
  }

  /** A second passes; then the database is asked, and its answer takes a while. */
  private boolean reading(Duration answerTakes) {
    pass(Duration.ofSeconds(1));
    Instant askedAt = clock.instant();
    Instant said = database;
    pass(answerTakes);
    return watch.stepsAt(said, askedAt);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    database = database.plus(time);
  }
}
