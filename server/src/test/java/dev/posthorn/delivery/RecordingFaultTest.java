package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A lane goes on after a database that did not take what came of its attempts. */
final class RecordingFaultTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A rate limit whose lane has one request under way at most. */
  private static final int ONE_IN_FLIGHT = 20;

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void aDiskThatWasFullForAWhileHoldsALaneUpNoLonger() {
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    AttemptFault fault = AttemptFault.of(fixture, "53100");
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));
    await().atMost(SOON).until(() -> fault.met() >= 3);

    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));
    fault.mend();

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    assertThat(receiver.received()).hasSize(2);
  }

  @Test
  void anOutcomeThatCannotBeStoredFreesItsPlaceAndIsNotSentAgainAtOnce() {
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    AttemptFault fault = AttemptFault.of(fixture, "23514");
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));
    await().atMost(SOON).until(() -> fault.met() >= 2 && engine.inFlight() == 0);
    fault.mend();

    fixture.publish(1); // found by a fetch, which finds the first one too
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(1);
    assertThat(receiver.received()).hasSize(3);
  }
}
