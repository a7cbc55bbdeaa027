package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryScheduleTest {
  @Test
  void variesEachDelayWithinItsJitterAndUsesTheWholeOfIt() {
    RetrySchedule schedule = DeliverySettings.DEFAULTS.schedule();
    Random random = new Random(1);
    for (int step = 1; step <= schedule.delays().size(); step++) {
      double delay = (double) schedule.delays().get(step - 1).toMillis();
      double least = delay;
      double most = delay;
      for (int i = 0; i < 1_000; i++) {
        long varied = schedule.delayAfter(step, random).orElseThrow().toMillis();
        least = Math.min(least, (double) varied);
        most = Math.max(most, (double) varied);
      }
      assertThat(least).isBetween(delay * 0.9 - 1, delay * 0.92);
      assertThat(most).isBetween(delay * 1.08, delay * 1.1 + 1);
    }
  }

  @Test
  void endsAfterItsLastDelay() {
    RetrySchedule schedule = DeliverySettings.DEFAULTS.schedule();

    assertThat(schedule.delays())
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));
    assertThat(schedule.delayAfter(9, new Random(1))).isPresent();
    assertThat(schedule.delayAfter(10, new Random(1))).isEmpty();
    assertThat(new RetrySchedule(List.of(), 0).delayAfter(1, new Random(1))).isEmpty();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySchedule(List.of(Duration.ofSeconds(-1)), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(List.of(), 1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(List.of(), -0.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(List.of(), Double.NaN));
  }
}
