package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.ApiClient.Reply;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Cancelling what waits, and sending to a webhook again. */
final class SkipAndEnableTest {
  private static final RecordingReceiver.Answer FAILED =
      new RecordingReceiver.Answer(500, List.of());

  @AutoClose private final ActionFixture fixture = new ActionFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  private Reply post(ActionFixture.Node node, long webhook, String action) {
    return node.api().send("POST", "/api/2023-01" + fixture.path(webhook) + "/" + action, null);
  }

  @Test
  void nothingOfAThousandsBacklogBeginsAfterTheAnswer() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.awaitOwner(node);
    node.engine().handOver(EngineFixture.handedOver(fixture.engines.publish(5_000)));
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() >= 50);

    Reply reply = post(node, webhook, "skip");
    long answered = System.nanoTime();

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/skip/count").asInt())
        .isBetween(1, 5_000 - (50 - 32)); // 32 may be under way still
    fixture.awaitCount(webhook, "pending", 0);
    fixture.awaitCarriedOut();
    // What was written before the answer may be read a little later.
    long grace = Duration.ofMillis(500).toNanos();
    assertThat(receiver.received()).noneMatch(request -> request.arrivedNanos() > answered + grace);
    assertThat(receiver.received()).hasSizeLessThan(5_000);
    assertThat(fixture.engines.count(webhook, "succeeded")).isEqualTo(receiver.received().size());
    assertThat(fixture.engines.count(webhook, "cancelled"))
        .isEqualTo(5_000 - receiver.received().size());
  }

  @Test
  void goesOnWithWhatIsPublishedLater() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.awaitOwner(node);
    fixture.engines.update("UPDATE webhook SET hold_until = now() + interval '1 hour'");
    fixture.deliveries(webhook, 30, "pending");

    post(node, webhook, "skip");
    fixture.engines.update("UPDATE webhook SET hold_until = NULL");
    node.engine().handOver(EngineFixture.handedOver(fixture.engines.publish(5)));

    fixture.awaitCount(webhook, "cancelled", 30);
    fixture.awaitCarriedOut();
    assertThat(fixture.engines.count(webhook, "cancelled")).isEqualTo(30);
  }

  @Test
  void whatIsUnderWayEndsAndIsNotRepeated() {
    CountDownLatch release = new CountDownLatch(1);
    receiver.answer(request -> {
      awaitLatch(release);
      return FAILED;
    });
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 15);
    fixture.deliveries(webhook, 3, "pending");
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() == 1);

    post(node, webhook, "skip");
    fixture.awaitCount(webhook, "cancelled", 2);
    release.countDown();

    fixture.awaitCount(webhook, "cancelled", 3);
    fixture.awaitCarriedOut();
    assertThat(fixture.value(Long.class, "SELECT count(*) FROM attempt")).isEqualTo(1);
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void endsARecoveryThatIsNotCarriedOutYet() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1);
    fixture.awaitOwner(node);
    fixture.deliveries(webhook, 3_000, "failed");

    node.api()
        .post(
            fixture.path(webhook) + "/recover",
            "{\"recover\": {\"since\": \"" + fixture.now().minusSeconds(60) + "\"}}");
    post(node, webhook, "skip");

    fixture.awaitCarriedOut();
    fixture.awaitCount(webhook, "pending", 0);
    assertThat(receiver.received()).hasSizeLessThan(2);
  }

  @Test
  void enablingWithSkipSendsNothingOfTheBacklog() {
    for (boolean warm : List.of(true, false)) {
      ActionFixture.Node node = fixture.start();
      long webhook = fixture.webhook(receiver.url("/hook" + warm), 1_000_000);
      fixture.awaitOwner(node);
      if (warm) { // its lane is in memory
        assertThat(
                node.api()
                    .post(
                        fixture.path(webhook) + "/test",
                        "{\"test\": {\"event_type\": \"contact.create\"}}")
                    .status())
            .isEqualTo(200);
      }
      int before = receiver.received("/hook" + warm).size();
      post(node, webhook, "disable");
      fixture.deliveries(webhook, 2_500, "pending");

      Reply enabled =
          node.api()
              .post(fixture.path(webhook) + "/enable", "{\"enable\": {\"backlog\": \"skip\"}}");

      assertThat(enabled.json().at("/webhook/enabled").asBoolean()).isTrue();
      fixture.awaitCount(webhook, "cancelled", 2_500);
      fixture.awaitCarriedOut();
      assertThat(receiver.received("/hook" + warm)).hasSize(before);
      fixture.engines.update("UPDATE webhook SET deleted_at = now() WHERE id = ?", webhook);
      fixture.engines.stopAll();
    }
  }

  @Test
  void enablingSendsTheBacklogAndForgetsWhyItWasDisabled() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.awaitOwner(node);
    fixture.engines.update(
        """
        UPDATE webhook SET enabled = false, disabled_reason = 'failing', disabled_at = now(),
          failing_since = now() - interval '6 days', warned_at = now() - interval '3 days',
          hold_until = now() + interval '1 hour', collect_until = now() + interval '7 days'
        """);
    fixture.deliveries(webhook, 20, "pending");
    JsonNode before = node.api().get(fixture.path(webhook)).json().get("webhook");
    assertThat(before.get("failing_since").isTextual()).isTrue();
    assertThat(before.get("disabled_at").isTextual()).isTrue();

    JsonNode after = post(node, webhook, "enable").json().get("webhook");

    for (String field : List.of("disabled_reason", "disabled_at", "failing_since")) {
      assertThat(after.get(field).isNull()).as(field).isTrue();
    }
    fixture.awaitCount(webhook, "succeeded", 20);
    assertThat(
            fixture.value(
                Boolean.class,
                "SELECT hold_until IS NULL AND warned_at IS NULL AND collect_until = 'infinity' FROM webhook"))
        .isTrue();
  }

  @Test
  void theRunOfFailuresBeginsAnewInMemoryToo() {
    DeliverySettings usual = DeliverySettings.DEFAULTS;
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    receiver.answerStatus(500);
    fixture.engines.update(
        "UPDATE webhook SET failing_since = ?::timestamptz",
        fixture.now().minus(usual.disableAfter()).toString());
    fixture.deliveries(webhook, 1, "pending");
    await()
        .atMost(ActionFixture.SOON)
        .until(() -> !fixture.value(Boolean.class, "SELECT enabled FROM webhook"));

    post(node, webhook, "enable");
    fixture.deliveries(webhook, 1, "pending");
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() >= 2);

    await()
        .during(Duration.ofSeconds(1))
        .atMost(ActionFixture.SOON)
        .until(() -> fixture.value(Boolean.class, "SELECT enabled FROM webhook"));
  }

  @Test
  void enablingTwiceDoesNotSkipWhatCameMeanwhile() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1);
    fixture.awaitOwner(node);
    fixture.deliveries(webhook, 10, "pending");
    fixture.awaitCount(webhook, "succeeded", 1);
    long revision = fixture.value(Long.class, "SELECT revision FROM webhook");

    Reply reply =
        node.api().post(fixture.path(webhook) + "/enable", "{\"enable\": {\"backlog\": \"skip\"}}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(fixture.engines.count(webhook, "pending")).isEqualTo(9);
    assertThat(fixture.value(Long.class, "SELECT revision FROM webhook")).isEqualTo(revision);
  }

  @Test
  void disablingIsIdempotentAndKeepsTheReason() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);

    JsonNode first = post(node, webhook, "disable").json().get("webhook");
    JsonNode second = post(node, webhook, "disable").json().get("webhook");

    assertThat(first.get("disabled_reason").asText()).isEqualTo("by_hand");
    assertThat(second).isEqualTo(first);
    fixture.engines.update("UPDATE webhook SET disabled_reason = 'gone'");
    assertThat(post(node, webhook, "disable").json().at("/webhook/disabled_reason").asText())
        .isEqualTo("gone");
  }

  @Test
  void isInForceOnTheNodeThatOwnsTheWebhookToo() {
    ActionFixture.Node one =
        fixture.start(DeliverySettings.DEFAULTS, false, Duration.ofSeconds(10));
    ActionFixture.Node two =
        fixture.start(DeliverySettings.DEFAULTS, false, Duration.ofSeconds(10));
    await()
        .atMost(ActionFixture.SOON)
        .until(() -> one.engine().ownedShards() == 128 && two.engine().ownedShards() == 128);
    List<Long> webhooks =
        IntStream.range(0, 4)
            .mapToObj(i -> fixture.webhook(receiver.url("/hook" + i), 1_000_000))
            .toList();
    two.engine().handOver(EngineFixture.handedOver(fixture.engines.publish(1_000)));

    for (int i = 0; i < webhooks.size(); i++) {
      String path = "/hook" + i;
      await().atMost(ActionFixture.SOON).until(() -> !receiver.received(path).isEmpty());
      assertThat(post(one, webhooks.get(i), "skip").status()).isEqualTo(202);
      long answered = System.nanoTime() + Duration.ofMillis(500).toNanos();
      fixture.awaitCount(webhooks.get(i), "pending", 0);
      fixture.awaitCarriedOut();
      assertThat(receiver.received(path)).noneMatch(request -> request.arrivedNanos() > answered);
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    for (String action : List.of("skip", "enable", "disable")) {
      String path = fixture.path(webhook) + "/" + action;
      assertThat(node.other().send("POST", "/api/2023-01" + path, null).status()).isEqualTo(404);
      assertThat(node.reader().send("POST", "/api/2023-01" + path, null).status()).isEqualTo(403);
      assertThat(node.api().post(path, "{\"" + action + "\": {\"x\": 1}}").faults())
          .containsExactly(action + ".x unknown_field");
      assertThat(node.api().post("/webhooks/" + UUID.randomUUID() + "/" + action, "{}").status())
          .isIn(404, 422);
    }
    assertThat(
            node.api()
                .post(fixture.path(webhook) + "/enable", "{\"enable\": {\"backlog\": \"drop\"}}")
                .status())
        .isEqualTo(422);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
