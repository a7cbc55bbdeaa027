package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane whose only delivery waits for the next day. */
final class LaneTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @AutoClose private final LaneFixture fixture = new LaneFixture();
  private Lane lane;

  @BeforeEach
  void openUntilItWaits() {
    long webhook = fixture.engines.webhook("http://127.0.0.1:1/hook", 60);
    fixture.engines.publish(1);
    fixture.engines.update(
        "UPDATE delivery SET retry = true, attempts = 1, step = 1, due_at = now() + interval '1 day'");
    lane = fixture.lane(webhook);
    lane.open();
    await().atMost(SOON).until(() -> fixture.workers.waiting() == 1);
  }

  @Test
  void isNotCalledAnyMoreWhenItIsDrained() {
    lane.drain();

    assertThat(fixture.workers.waiting()).isZero();
  }

  @Test
  void isNotCalledAnyMoreWhenItIsGivenUp() {
    assertThat(lane.retireIfIdle()).isFalse();
    assertThat(fixture.workers.waiting()).isEqualTo(1);

    fixture.advance(Duration.ofMinutes(2));

    assertThat(lane.retireIfIdle()).isTrue();
    assertThat(fixture.workers.waiting()).isZero();
  }
}
