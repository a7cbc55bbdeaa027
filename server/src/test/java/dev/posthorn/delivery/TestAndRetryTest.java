package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.IdText;
import dev.posthorn.http.ApiClient.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One delivery that is asked to go now. */
final class TestAndRetryTest {
  private static final String TEST = "{\"test\": {\"event_type\": \"opportunity.create\"}}";
  private static final RecordingReceiver.Answer OK = new RecordingReceiver.Answer(200, List.of());

  @AutoClose private final ActionFixture fixture = new ActionFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void sendsAMarkedTestEventToThisWebhookOnlyWhateverItsFilter() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/tried"), 60);
    fixture.webhook(receiver.url("/other"), 60);
    fixture.engines.update(
        "UPDATE webhook SET filter_types = '{invoice.paid}', filter_patterns = '{invoice.paid}' WHERE id = ?",
        webhook);

    Reply reply = node.api().post(fixture.path(webhook) + "/test", TEST);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/attempt/number").asInt()).isEqualTo(1);
    assertThat(reply.json().at("/attempt/outcome").asText()).isEqualTo("succeeded");
    RecordingReceiver.Received request = receiver.received().getFirst();
    assertThat(request.path()).isEqualTo("/tried");
    assertThat(request.header("webhook-test")).isEqualTo("true");
    assertThat(request.header("webhook-event-type")).isEqualTo("opportunity.create");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":0,\"url\":\"https://posthorn.test/opportunities/0\"}");
    assertThat(fixture.value(Long.class, "SELECT count(*) FROM delivery")).isEqualTo(1);
    assertThat(receiver.received("/other")).isEmpty();
  }

  @Test
  void aTestThatFailsIsAnsweredWithItsAttempt() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    receiver.answerStatus(500);

    JsonNode attempt = node.api().post(fixture.path(webhook) + "/test", TEST).json().get("attempt");

    assertThat(attempt.get("outcome").asText()).isEqualTo("failed");
    assertThat(attempt.get("status").asInt()).isEqualTo(500);
  }

  @Test
  void aTestOfAnOwnTypeSaysItsExampleOrNothing() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    node.api()
        .post(
            "/event_types",
            "{\"event_type\": {\"name\": \"invoice.paid\", \"example\": {\"no\": 7}}}");
    node.api().post("/event_types", "{\"event_type\": {\"name\": \"invoice.sent\"}}");

    List.of("invoice.paid", "invoice.sent").forEach(type -> test(node, webhook, type));

    assertThat(receiver.received())
        .extracting(request -> new String(request.body(), StandardCharsets.UTF_8))
        .containsExactly("{\"no\":7}", "{}");
  }

  private Reply test(ActionFixture.Node node, long webhook, String type) {
    return node.api()
        .post(fixture.path(webhook) + "/test", "{\"test\": {\"event_type\": \"" + type + "\"}}");
  }

  @Test
  void refusesTestsThatCannotBe() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    String path = fixture.path(webhook) + "/test";

    assertThat(test(node, webhook, "no.such").faults())
        .containsExactly("test.event_type unknown_event_type");
    assertThat(node.api().post(path, "{\"test\": {}}").faults())
        .containsExactly("test.event_type required");
    assertThat(node.other().post(path, TEST).status()).isEqualTo(404);
    assertThat(node.reader().post(path, TEST).status()).isEqualTo(403);
    node.api().send("POST", "/api/2023-01" + fixture.path(webhook) + "/disable", null);
    Reply disabled = node.api().post(path, TEST);
    assertThat(disabled.status()).isEqualTo(409);
    assertThat(disabled.json().get("detail").asText()).contains("disabled");
    assertThat(receiver.received()).isEmpty();
    assertThat(fixture.value(Long.class, "SELECT count(*) FROM event")).isZero();
  }

  @Test
  void goesAheadOfABacklogAndTakesAPlaceInTheWindow() {
    CountDownLatch release = new CountDownLatch(1);
    receiver.answer(request -> {
      awaitLatch(release);
      return OK;
    });
    int oneAtATime = 15;
    long webhook = fixture.webhook(receiver.url("/hook"), oneAtATime);
    UUID failed = fixture.deliveries(webhook, 1, "failed").getFirst();
    fixture.deliveries(webhook, 100, "pending");
    ActionFixture.Node node = fixture.start();
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() == 1);

    CompletableFuture<Reply> retried =
        CompletableFuture.supplyAsync(() -> retry(node, webhook, failed));
    await()
        .atMost(ActionFixture.SOON)
        .until(() ->
            fixture.value(
                    Long.class,
                    "SELECT count(*) FROM intent WHERE kind = 'retry' AND done_at IS NOT NULL")
                == 1);
    release.countDown();

    assertThat(retried.join().status()).isEqualTo(200);
    assertThat(receiver.received().get(1).id()).isEqualTo(IdText.of("evt_", failed));
    assertThat(receiver.received().get(1).header("webhook-attempt")).isEqualTo("11");
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() == oneAtATime);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(ActionFixture.SOON)
        .until(() -> receiver.received().size() == oneAtATime);
  }

  @Test
  void saysWhenItIsDueWhenTheWindowIsFull() {
    long webhook = fixture.webhook(receiver.url("/hook"), 2);
    UUID failed = fixture.deliveries(webhook, 1, "failed").getFirst();
    fixture.deliveries(webhook, 2, "pending");
    ActionFixture.Node node =
        fixture.start(DeliverySettings.DEFAULTS, true, Duration.ofMillis(500));
    fixture.awaitCount(webhook, "succeeded", 2);

    Reply reply = retry(node, webhook, failed);

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/delivery/state").asText()).isEqualTo("pending");
    assertThat(reply.json().at("/delivery/due_at").isTextual()).isTrue();
    assertThat(receiver.received()).hasSize(2);
  }

  private Reply retry(ActionFixture.Node node, long webhook, UUID event) {
    return node.api().send("POST", "/api/2023-01" + fixture.path(webhook, event) + "/retry", null);
  }

  @Test
  void retriesWhateverTheState() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    for (String state : List.of("failed", "succeeded", "cancelled")) {
      UUID event = fixture.deliveries(webhook, 1, state).getFirst();
      Reply reply = retry(node, webhook, event);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/attempt/number").asInt()).isEqualTo(11);
    }
    assertThat(fixture.engines.count(webhook, "succeeded")).isEqualTo(3);
    assertThat(receiver.received()).hasSize(3);
  }

  @Test
  void retriesWhatWaitsForALaterMomentNow() {
    ActionFixture.Node node = fixture.start();
    receiver.answerStatus(503);
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    UUID event =
        fixture
            .deliveriesWith(
                webhook,
                1,
                "retry = true, attempts = 3, step = 3, due_at = now() + interval '1 day'")
            .getFirst();

    assertThat(retry(node, webhook, event).json().at("/attempt/status").asInt()).isEqualTo(503);
    receiver.answerStatus(200);
    assertThat(retry(node, webhook, event).json().at("/attempt/number").asInt()).isEqualTo(5);

    assertThat(fixture.engines.count(webhook, "succeeded")).isEqualTo(1);
  }

  @Test
  void repeatedCallsWhileOneIsUnderWayDoNotSendTwice() {
    CountDownLatch release = new CountDownLatch(1);
    receiver.answer(request -> {
      awaitLatch(release);
      return OK;
    });
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    UUID event = fixture.deliveries(webhook, 1, "failed").getFirst();

    List<CompletableFuture<Reply>> calls =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> retry(node, webhook, event)))
            .toList();
    await().atMost(ActionFixture.SOON).until(() -> !receiver.received().isEmpty());
    calls(node, webhook, event, release, calls);

    assertThat(receiver.received()).hasSize(1);
    assertThat(fixture.value(Long.class, "SELECT count(*) FROM attempt")).isEqualTo(1);
  }

  /** The last call comes while the attempt of the first is certainly under way. */
  private void calls(
      ActionFixture.Node node,
      long webhook,
      UUID event,
      CountDownLatch release,
      List<CompletableFuture<Reply>> calls) {
    CompletableFuture<Reply> late =
        CompletableFuture.supplyAsync(() -> retry(node, webhook, event));
    await()
        .during(Duration.ofMillis(300))
        .atMost(ActionFixture.SOON)
        .until(() -> receiver.received().size() == 1);
    release.countDown();
    assertThat(late.join().json().at("/attempt/number").asInt()).isEqualTo(11);
    Set<String> attempts =
        calls.stream()
            .map(call -> call.join().json().at("/attempt/id").asText())
            .collect(java.util.stream.Collectors.toSet());
    assertThat(attempts).containsExactly(late.join().json().at("/attempt/id").asText());
    fixture.awaitCarriedOut();
  }

  @Test
  void refusesRetriesThatCannotBe() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    UUID event = fixture.deliveries(webhook, 1, "failed").getFirst();
    String path = fixture.path(webhook, event) + "/retry";

    assertThat(node.other().post(path, "{}").status()).isEqualTo(404);
    assertThat(node.reader().post(path, "{}").status()).isEqualTo(403);
    assertThat(retry(node, webhook, UUID.randomUUID()).status()).isEqualTo(404);
    node.api().send("POST", "/api/2023-01" + fixture.path(webhook) + "/disable", null);
    assertThat(retry(node, webhook, event).status()).isEqualTo(409);
    node.api().delete(fixture.path(webhook));
    assertThat(retry(node, webhook, event).status()).isEqualTo(404);
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void worksOnTheNodeThatDoesNotOwnTheWebhook() {
    ActionFixture.Node one =
        fixture.start(DeliverySettings.DEFAULTS, false, Duration.ofSeconds(10));
    ActionFixture.Node two =
        fixture.start(DeliverySettings.DEFAULTS, false, Duration.ofSeconds(10));
    await()
        .atMost(ActionFixture.SOON)
        .until(() -> one.engine().ownedShards() == 128 && two.engine().ownedShards() == 128);
    List<Long> webhooks =
        IntStream.range(0, 6)
            .mapToObj(i -> fixture.webhook(receiver.url("/hook" + i), 1_000))
            .toList();

    for (ActionFixture.Node node : List.of(one, two)) {
      for (long webhook : webhooks) {
        assertThat(node.api().post(fixture.path(webhook) + "/test", TEST).status()).isEqualTo(200);
      }
    }

    assertThat(receiver.received()).hasSize(12);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
