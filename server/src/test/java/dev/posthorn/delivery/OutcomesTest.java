package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.delivery.RecordingReceiver.Answer;
import dev.posthorn.delivery.RecordingReceiver.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What answers make of deliveries and their webhook. */
final class OutcomesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void repeatsAFailureUnderTheSameIdWithGrowingNumbersUntilItSucceeds() {
    receiver.answer(request ->
        new Answer("4".equals(request.header("webhook-attempt")) ? 200 : 500, List.of()));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.publish(1);

    fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    assertThat(receiver.received().stream().map(request -> request.header("webhook-attempt")))
        .containsExactly("1", "2", "3", "4");
    assertThat(receiver.received().stream().map(Received::id).distinct()).hasSize(1);
    assertThat(
            fixture.one(
                String.class,
                "SELECT string_agg(outcome || ' ' || status, ', ' ORDER BY number) FROM attempt"))
        .isEqualTo("failed 500, failed 500, failed 500, succeeded 200");
  }

  @Test
  void keepsWhatFailedToTheEndOfItsSchedule() {
    receiver.answerStatus(500);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.publish(1);

    fixture.start(QuickSettings.retries(2));

    await().atMost(SOON).until(() -> fixture.count(webhook, "failed") == 1);
    assertThat(receiver.received()).hasSize(3);
    assertThat(fixture.one(Integer.class, "SELECT attempts FROM delivery")).isEqualTo(3);
    assertThat(fixture.one(Boolean.class, "SELECT failing_since IS NOT NULL FROM webhook"))
        .isTrue();
  }

  @Test
  void aPauseThatTheReceiverAsksForHoldsTheWholeLaneAndSurvivesARestart() {
    receiver.answer(request -> new Answer(429, List.of("Retry-After", "600")));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.publish(1);
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await()
        .atMost(SOON)
        .until(() ->
            fixture.one(Boolean.class, "SELECT coalesce(hold_until > now(), false) FROM webhook"));

    fixture.publish(5);
    engine.stop(Duration.ofSeconds(5));
    DeliveryEngine next = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> next.ownedShards() == 256);

    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> receiver.received().size() == 1);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(6);
  }

  @Test
  void goneDisablesTheWebhookFailsThatDeliveryAndLeavesTheRestWaiting() {
    receiver.answerStatus(410);
    long webhook = fixture.webhook(receiver.url("/hook"), 15);
    fixture.publish(5);

    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "failed") == 1);
    engine.handOver(EngineFixture.handedOver(fixture.publish(3)));
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> receiver.received().size() == 1);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(4);
    assertThat(fixture.one(String.class, "SELECT enabled || ' ' || disabled_reason FROM webhook"))
        .isEqualTo("false gone");
  }

  @Test
  void aWebhookThatHasOnlyFailedForTooLongIsDisabledAndGoesOnCollecting() {
    receiver.answerStatus(500);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.update("UPDATE webhook SET failing_since = now() - interval '6 days'");
    fixture.publish(1);

    fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.one(Boolean.class, "SELECT NOT enabled FROM webhook"));
    fixture.publish(2);
    assertThat(fixture.one(String.class, "SELECT disabled_reason FROM webhook"))
        .isEqualTo("failing");
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> receiver.received().size() == 1);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(3);
  }

  @Test
  void aRunOfFailuresIsStoredAsItIsHoweverItsOutcomesAreBatched() {
    receiver.answer(request -> new Answer(request.arrivedNanos() % 2 == 0 ? 500 : 200, List.of()));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1_000);
    fixture.start(QuickSettings.retries(30));
    await().atMost(SOON).until(() -> receiver.received().size() >= 1_000);
    receiver.answerStatus(200);

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1_000);

    await()
        .atMost(SOON)
        .until(() -> fixture.one(Boolean.class, "SELECT failing_since IS NULL FROM webhook"));
  }

  @Test
  void largePayloadsAllArriveThoughTheBufferHoldsFew() {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publishLarge(60, 250 * 1024);

    fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 60);
    assertThat(receiver.received().stream().map(Received::id)).doesNotHaveDuplicates().hasSize(60);
  }
}
