package dev.posthorn.delivery;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is set an hour forward or back: deliveries go on, and the rate limit holds. */
final class WallClockTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int LIMIT = 30;

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void jumpsNeitherStopDeliveriesNorOpenTheWindow(int hours) {
    long limited = fixture.webhook(receiver.url("/limited"), LIMIT);
    long free = fixture.webhook(receiver.url("/free"), 1_000_000);
    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);
    engine.handOver(EngineFixture.handedOver(fixture.publish(LIMIT + 10)));
    await().atMost(SOON).until(() -> fixture.count(limited, "succeeded") == LIMIT);
    await().atMost(SOON).until(() -> fixture.count(free, "succeeded") == LIMIT + 10);

    InstantSource before = fixture.wall;
    fixture.wall = () -> before.instant().plus(Duration.ofHours(hours));
    engine.handOver(EngineFixture.handedOver(fixture.publish(5)));

    await().atMost(SOON).until(() -> fixture.count(free, "succeeded") == LIMIT + 15);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(SOON)
        .until(() -> receiver.received("/limited").size() == LIMIT);
  }
}
