package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FailureRunTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration FIVE_DAYS = Duration.ofDays(5);

  private final FailureRun run = new FailureRun(FIVE_DAYS, FailureRun.State.NO_FAILURE);

  @Test
  void warnsOnceHalfWayAndDisablesAtTheEnd() {
    assertThat(run.failed(START)).isEqualTo(FailureRun.Change.STARTED);
    assertThat(run.failed(START.plus(Duration.ofHours(59)))).isEqualTo(FailureRun.Change.NONE);
    assertThat(run.failed(START.plus(Duration.ofHours(60)))).isEqualTo(FailureRun.Change.WARN);
    assertThat(run.failed(START.plus(Duration.ofHours(61)))).isEqualTo(FailureRun.Change.NONE);
    assertThat(run.failed(START.plus(FIVE_DAYS).minusMillis(1))).isEqualTo(FailureRun.Change.NONE);
    assertThat(run.failed(START.plus(FIVE_DAYS))).isEqualTo(FailureRun.Change.DISABLE);
  }

  @Test
  void oneSuccessEndsIt() {
    run.failed(START);
    run.failed(START.plus(Duration.ofDays(3)));

    assertThat(run.succeeded()).isEqualTo(FailureRun.Change.ENDED);
    assertThat(run.succeeded()).isEqualTo(FailureRun.Change.NONE);
    assertThat(run.state()).isEqualTo(FailureRun.State.NO_FAILURE);
    assertThat(run.failed(START.plus(Duration.ofDays(6)))).isEqualTo(FailureRun.Change.STARTED);
  }

  @Test
  void goesOnFromWhatWasStored() {
    FailureRun stored =
        new FailureRun(
            FIVE_DAYS, new FailureRun.State(Optional.of(START), Optional.of(START.plusSeconds(1))));

    assertThat(stored.failed(START.plus(Duration.ofDays(4)))).isEqualTo(FailureRun.Change.NONE);
    assertThat(stored.failed(START.plus(FIVE_DAYS))).isEqualTo(FailureRun.Change.DISABLE);
  }

  @Test
  void aWebhookThatWasEnabledAgainIsNotDisabledByItsNextFailure() {
    run.failed(START);
    run.restart(FailureRun.State.NO_FAILURE);

    assertThat(run.failed(START.plus(Duration.ofDays(9)))).isEqualTo(FailureRun.Change.STARTED);
  }
}
