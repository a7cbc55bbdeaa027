package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EngineClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos = Long.MAX_VALUE - 500; // the ticker may overflow
  private final EngineClock clock = new EngineClock(START, () -> nanos);

  @Test
  void isTheDatabaseTimeAdvancedByTheMonotonicClockInMicroseconds() {
    assertThat(clock.instant()).isEqualTo(START);
    nanos += 1_999;
    assertThat(clock.instant()).isEqualTo(START.plusNanos(1_000));
    nanos += Duration.ofDays(30).toNanos();
    assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofDays(30)).plusNanos(1_000));
    assertThat(clock.at(nanos - Duration.ofDays(1).toNanos()))
        .isEqualTo(clock.instant().minus(Duration.ofDays(1)));
  }

  @Test
  void tellsHowFarTheDatabaseIsAhead() {
    nanos += Duration.ofSeconds(10).toNanos();

    assertThat(clock.lead(START.plusSeconds(12))).isEqualTo(Duration.ofSeconds(2));
    assertThat(clock.lead(START)).isEqualTo(Duration.ofSeconds(-10));
  }
}
