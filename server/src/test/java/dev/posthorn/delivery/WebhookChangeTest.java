package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.delivery.RecordingReceiver.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What changes of a webhook do to what waits and to what is under way. */
final class WebhookChangeTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void afterADeleteIsConfirmedNothingBeginsAndWhatWaitsIsCancelled() {
    receiver.answer(slowly(Duration.ofMillis(20)));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(2_500);
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> receiver.received().size() > 20);

    change(engine, webhook, "deleted_at = now(), collect_until = '-infinity'");
    long confirmed = System.nanoTime();

    await().atMost(SOON).until(() -> fixture.count(webhook, "pending") == 0);
    assertThat(fixture.count(webhook, "cancelled")).isGreaterThan(1_000);
    assertNoneLongAfter(confirmed);
  }

  @Test
  void afterADisableNothingBeginsAndNewEventsAreCollected() {
    receiver.answer(slowly(Duration.ofMillis(20)));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1_000);
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> receiver.received().size() > 20);

    change(engine, webhook, "enabled = false");
    long confirmed = System.nanoTime();
    engine.handOver(EngineFixture.handedOver(fixture.publish(5)));

    await().atMost(SOON).until(() -> engine.inFlight() == 0);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(
            () -> fixture.count(webhook, "pending") + fixture.count(webhook, "succeeded") == 1_005);
    assertNoneLongAfter(confirmed);

    change(engine, webhook, "enabled = true");
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1_005);
    assertThat(receiver.received()).hasSize(1_005);
  }

  @Test
  void aChangedUrlAndALowerLimitHoldAtOnce() {
    receiver.answer(slowly(Duration.ofMillis(20)));
    long webhook = fixture.webhook(receiver.url("/old"), 1_000_000);
    fixture.publish(3_000);
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> receiver.received("/old").size() > 20);

    change(engine, webhook, "url = '" + receiver.url("/new") + "'");
    await().atMost(SOON).until(() -> receiver.received("/new").size() > 20);
    long last = receiver.received("/old").getLast().arrivedNanos();
    long first = receiver.received("/new").getFirst().arrivedNanos();
    assertThat(last - first).isLessThan(Duration.ofSeconds(1).toNanos());

    change(engine, webhook, "rate_limit = 1");
    await().atMost(SOON).until(() -> engine.inFlight() == 0);
    int seen = receiver.received().size();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(() -> receiver.received().size() == seen);
  }

  @Test
  void aChangeWhileTheLaneIsBeingMadeIsFollowed() {
    receiver.answer(slowly(Duration.ofMillis(5)));
    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    for (int round = 0; round < 10; round++) {
      long webhook = fixture.webhook(receiver.url("/round" + round), 1_000_000);
      var events = EngineFixture.handedOver(fixture.publish(500));

      Thread.ofVirtual().start(() -> engine.handOver(events));
      change(engine, webhook, "enabled = false");
      long confirmed = System.nanoTime();

      await().atMost(SOON).until(() -> System.nanoTime() - confirmed > 700_000_000L);
      assertNoneLongAfter(confirmed);
      fixture.update("UPDATE webhook SET collect_until = '-infinity' WHERE id = ?", webhook);
    }
  }

  @Test
  void aWebhookThatHangsHoldsUpNobody() {
    CountDownLatch released = new CountDownLatch(1);
    receiver.answer(request -> {
      if (request.path().equals("/hangs")) {
        awaitLatch(released);
      }
      return new Answer(200, List.of());
    });
    long hanging = fixture.webhook(receiver.url("/hangs"), 1_000_000);
    long healthy = fixture.webhook(receiver.url("/healthy"), 1_000_000);
    fixture.publish(500);

    fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(healthy, "succeeded") == 500);
    assertThat(fixture.count(hanging, "succeeded")).isZero();
    assertThat(receiver.received("/hangs")).hasSize(1);
    released.countDown();
    await().atMost(SOON).until(() -> fixture.count(hanging, "succeeded") == 500);
  }

  private void change(DeliveryEngine engine, long webhook, String assignments) {
    long revision = fixture.change(webhook, assignments);
    fixture.follow(engine, webhook, revision);
  }

  /** What was written just before may arrive a moment later. */
  private void assertNoneLongAfter(long confirmed) {
    assertThat(receiver.received())
        .noneMatch(
            request -> request.arrivedNanos() - confirmed > Duration.ofMillis(500).toNanos());
  }

  private static java.util.function.Function<RecordingReceiver.Received, Answer> slowly(
      Duration time) {
    CountDownLatch never = new CountDownLatch(1);
    return request -> {
      try {
        var _ = never.await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Answer(200, List.of());
    };
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
