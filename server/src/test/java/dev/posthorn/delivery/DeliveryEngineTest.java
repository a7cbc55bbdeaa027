package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.posthorn.event.PublishedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One event from its hand-over, or from the database, to the receiver and back into the log. */
final class DeliveryEngineTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void sendsWhatIsHandedOverSignedAndRecordsIt() throws Exception {
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);

    List<PublishedEvent> events = fixture.publish(1);
    engine.handOver(EngineFixture.handedOver(events));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    RecordingReceiver.Received request = receiver.received().getFirst();
    assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("{\"number\":0}");
    assertThat(request.header("webhook-event-type")).isEqualTo("test.event");
    assertThat(request.header("webhook-attempt")).isEqualTo("1");
    assertThat(request.header("content-type")).isEqualTo("application/json");
    assertThat(request.header("user-agent")).isEqualTo("Posthorn/test");
    new Webhook(EngineFixture.SECRET)
        .verify(new String(request.body(), StandardCharsets.UTF_8), headers(request));
  }

  @Test
  void findsWhatWasPublishedWhileNoNodeRan() {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.publish(50);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 50);
    assertThat(receiver.received().stream().map(RecordingReceiver.Received::id))
        .hasSize(50)
        .doesNotHaveDuplicates();
  }

  @Test
  void sendsEveryDeliveryOfABacklogOnce() {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1_000);
    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);

    for (int i = 0; i < 50; i++) {
      engine.handOver(EngineFixture.handedOver(fixture.publish(20)));
    }

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2_000);
    assertThat(
            receiver.received().stream()
                .map(RecordingReceiver.Received::id)
                .collect(Collectors.toSet()))
        .hasSize(2_000);
    assertThat(receiver.received()).hasSize(2_000);
  }

  @Test
  void holdsToTheRateLimit() {
    long webhook = fixture.webhook(receiver.url("/hook"), 30);
    fixture.publish(40);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 30);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(() -> receiver.received().size() == 30);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(10);
  }

  @Test
  void signsWithBothSecretsWhileARotationKeepsTheOldOne() throws Exception {
    String fresh = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);

    long revision = fixture.rotate(webhook, fresh);
    fixture.follow(engine, webhook, revision);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    RecordingReceiver.Received request = receiver.received().getLast();
    for (String secret : List.of(EngineFixture.SECRET, fresh)) {
      new Webhook(secret)
          .verify(new String(request.body(), StandardCharsets.UTF_8), headers(request));
    }
  }

  private static java.net.http.HttpHeaders headers(RecordingReceiver.Received request) {
    Map<String, List<String>> all =
        request.headers().entrySet().stream()
            .collect(
                Collectors.toMap(
                    e -> e.getKey().toLowerCase(java.util.Locale.ROOT), Map.Entry::getValue));
    return java.net.http.HttpHeaders.of(all, (name, value) -> true);
  }
}
