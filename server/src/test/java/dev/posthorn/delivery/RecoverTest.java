package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.ApiClient.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sending again what is settled. */
final class RecoverTest {
  @AutoClose private final ActionFixture fixture = new ActionFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();
  private final Instant before = fixture.now().minusSeconds(60);

  private Reply recover(ActionFixture.Node node, long webhook, String more) {
    return node.api()
        .post(
            fixture.path(webhook) + "/recover",
            "{\"recover\": {\"since\": \"" + before + "\"" + more + "}}");
  }

  @Test
  void sendsEverythingThatFailedSinceATimeAgainOnce() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.deliveries(webhook, 20, "succeeded");
    fixture.deliveries(webhook, 30, "failed");

    Reply first = recover(node, webhook, "");
    Reply second = recover(node, webhook, "");

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().at("/recover/count").asInt()).isEqualTo(30);
    assertThat(first.json().at("/recover/capped").asBoolean()).isFalse();
    assertThat(second.status()).isEqualTo(202);
    fixture.awaitCount(webhook, "succeeded", 50);
    fixture.awaitCarriedOut();
    assertThat(receiver.received()).hasSize(30);
    assertThat(ids()).hasSize(30);
  }

  @Test
  void aDryRunCountsAndStoresNothing() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.deliveries(webhook, 7, "failed");
    fixture.deliveries(webhook, 3, "cancelled");

    JsonNode failed = recover(node, webhook, ", \"dry_run\": true").json().get("recover");
    Reply both =
        recover(node, webhook, ", \"dry_run\": true, \"states\": [\"failed\", \"cancelled\"]");

    assertThat(failed.get("count").asInt()).isEqualTo(7);
    assertThat(failed.get("id").isNull()).isTrue();
    assertThat(both.status()).isEqualTo(200);
    assertThat(both.json().at("/recover/count").asInt()).isEqualTo(10);
    assertThat(fixture.value(Long.class, "SELECT count(*) FROM intent")).isZero();
  }

  @Test
  void leavesEventsOutsideTheRangeAlone() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.deliveries(webhook, 5, "failed");
    Instant between = fixture.now();
    fixture.deliveries(webhook, 6, "failed");

    Reply reply = recover(node, webhook, ", \"until\": \"" + between + "\"");

    assertThat(reply.json().at("/recover/count").asInt()).isEqualTo(5);
    fixture.awaitCount(webhook, "succeeded", 5);
    fixture.awaitCarriedOut();
    assertThat(fixture.engines.count(webhook, "failed")).isEqualTo(6);
  }

  @Test
  void countsNoFurtherThanTenThousand() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1);
    fixture.deliveries(webhook, 10_001, "failed");

    JsonNode counted = recover(node, webhook, ", \"dry_run\": true").json().get("recover");

    assertThat(counted.get("count").asInt()).isEqualTo(10_000);
    assertThat(counted.get("capped").asBoolean()).isTrue();
  }

  @Test
  void theSameReplayThatIsStillOpenIsThatOne() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.awaitOwner(node);
    fixture.engines.stopAll(); // its API goes on, so that nothing is carried out
    fixture.deliveries(webhook, 25, "succeeded");
    String states = ", \"states\": [\"succeeded\", \"cancelled\"]";

    Reply first = recover(node, webhook, states);
    Reply second = recover(node, webhook, states);
    Reply other = recover(node, webhook, ", \"states\": [\"failed\"]");

    assertThat(second.json().at("/recover/id")).isEqualTo(first.json().at("/recover/id"));
    assertThat(second.json().at("/recover/until")).isEqualTo(first.json().at("/recover/until"));
    assertThat(other.json().at("/recover/id")).isNotEqualTo(first.json().at("/recover/id"));
    fixture.start();
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() >= 25);
    fixture.awaitCarriedOut();
    fixture.awaitCount(webhook, "succeeded", 25);
    assertThat(receiver.received()).hasSize(25);
  }

  @Test
  void losesAndDoublesNothingAcrossARestart() {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    Set<UUID> events = new HashSet<>(fixture.deliveries(webhook, 3_000, "failed"));
    ActionFixture.Node node = fixture.start();
    fixture.awaitOwner(node);

    recover(node, webhook, "");
    await().atMost(ActionFixture.SOON).until(() -> receiver.received().size() >= 200);
    fixture.engines.stopAll();
    int until = receiver.received().size();
    fixture.start();

    fixture.awaitCount(webhook, "succeeded", 3_000);
    fixture.awaitCarriedOut();
    assertThat(until).isLessThan(3_000);
    assertThat(ids()).hasSize(events.size());
    assertThat(receiver.received()).hasSize(3_000);
  }

  @Test
  void aDeletedWebhookIsNotRecovered() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1);
    fixture.awaitOwner(node);
    fixture.deliveries(webhook, 3_000, "failed");

    recover(node, webhook, "");
    node.api().delete(fixture.path(webhook));
    int sent = receiver.received().size();

    fixture.awaitCarriedOut();
    fixture.awaitCount(webhook, "pending", 0);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(ActionFixture.SOON)
        .until(() -> receiver.received().size() == sent);
    assertThat(recover(node, webhook, "").status()).isEqualTo(404);
  }

  @Test
  void oneRetryDoesNotWaitForALargeRecovery() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.deliveries(webhook, 3_000, "failed");
    UUID last = fixture.deliveries(webhook, 1, "cancelled").getFirst();

    recover(node, webhook, "");
    Reply retried =
        node.api().send("POST", "/api/2023-01" + fixture.path(webhook, last) + "/retry", null);

    assertThat(retried.status()).isEqualTo(200);
    fixture.awaitCount(webhook, "succeeded", 3_001);
    assertThat(receiver.received()).hasSize(3_001);
  }

  @Test
  void refusesWhatMakesNoSense() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    String path = fixture.path(webhook) + "/recover";

    assertThat(node.api().post(path, "{\"recover\": {}}").faults())
        .containsExactly("recover.since required");
    assertThat(recover(node, webhook, ", \"states\": [\"pending\"]").faults())
        .containsExactly("recover.states invalid_states");
    assertThat(recover(node, webhook, ", \"states\": []").faults())
        .containsExactly("recover.states invalid_states");
    assertThat(recover(node, webhook, ", \"until\": \"" + before + "\"").faults())
        .containsExactly("recover.since out_of_range");
    assertThat(recover(node, webhook, ", \"more\": 1").faults())
        .containsExactly("recover.more unknown_field");
    assertThat(node.other().post(path, "{\"recover\": {\"since\": \"" + before + "\"}}").status())
        .isEqualTo(404);
    assertThat(
            node.api().post(path, "{\"recover\": {\"since\": \"0001-01-01T00:00:00Z\"}}").status())
        .isEqualTo(202);
  }

  private Set<String> ids() {
    return receiver.received().stream()
        .map(RecordingReceiver.Received::id)
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsSkippedCanBeRecovered() {
    ActionFixture.Node node = fixture.start();
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.engines.update("UPDATE webhook SET hold_until = now() + interval '1 hour'");
    fixture.deliveries(webhook, 40, "pending");
    fixture.awaitOwner(node);

    node.api().send("POST", "/api/2023-01" + fixture.path(webhook) + "/skip", null);
    fixture.awaitCount(webhook, "cancelled", 40);
    recover(node, webhook, ", \"states\": [\"cancelled\"]");
    for (String action : List.of("disable", "enable")) {
      node.api().send("POST", "/api/2023-01" + fixture.path(webhook) + "/" + action, null);
    }

    fixture.awaitCount(webhook, "succeeded", 40);
    assertThat(receiver.received()).hasSize(40);
  }
}
