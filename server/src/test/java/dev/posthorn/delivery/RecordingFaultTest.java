package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.webhook.Webhook;
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
  void aLaneWhoseOutcomesAreAllRefusedStopsAndIsNotGivenUpAsIfAllWereKnown() {
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    AttemptFault fault = AttemptFault.of(fixture, "23514");
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    engine.handOver(EngineFixture.handedOver(fixture.publish(10)));
    await().atMost(SOON).until(() -> fault.met() >= 4 && engine.inFlight() == 0);
    fault.mend();

    long other = fixture.webhook(receiver.url("/other"), ONE_IN_FLIGHT);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));
    await().atMost(SOON).until(() -> fixture.count(other, "succeeded") == 1);
    assertThat(receiver.received()).hasSize(2 + 1);

    fixture.stopAll();
    String doubts = "SELECT count(*) FROM shard_doubt WHERE kind = 'takeover' AND shard = ";
    assertThat(fixture.one(Long.class, doubts + Webhook.shardOf(webhook))).isOne();
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
