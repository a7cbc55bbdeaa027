package dev.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import dev.posthorn.db.Scratch;
import dev.posthorn.delivery.RecordingReceiver;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** kill -9 in the middle of the load, twice: what was acknowledged arrives. */
final class KillTest {
  private static final int CLIENTS = 4;
  private static final int ACKNOWLEDGED_PER_LIFE = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @AutoClose private final Scratch folder = Scratch.create();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  /** Events that were acknowledged: their payloads by their ids. */
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean publishing = new AtomicBoolean(true);

  @Test
  void whatWasAcknowledgedArrivesThoughTheServerIsKilledTwice() throws Exception {
    Path data = folder.path().resolve("data");
    int port = freePort();
    PosthornProcess server = PosthornProcess.serve(data, port);
    Api api = new Api(URI.create("http://127.0.0.1:" + port), account(data));
    assertThat(api.post("/event_types", "{\"event_type\": {\"name\": \"load.test\"}}").status())
        .isEqualTo(201);
    String secret = webhook(api);

    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.startVirtualThread(() -> publishUntilStopped(api)));
    }
    for (int life = 1; life <= 2; life++) {
      int enough = life * ACKNOWLEDGED_PER_LIFE;
      await().atMost(PATIENCE).until(() -> acknowledged.size() >= enough);
      server.kill();
      server = PosthornProcess.serve(data, port);
    }
    await().atMost(PATIENCE).until(() -> acknowledged.size() >= 3 * ACKNOWLEDGED_PER_LIFE);
    publishing.set(false);
    for (Thread client : clients) {
      client.join();
    }

    await().atMost(PATIENCE).until(() -> receivedNumbers().containsAll(acknowledged.values()));
    server.close();
    for (RecordingReceiver.Received request : receiver.received()) {
      verify(secret, request);
      Long number = acknowledged.get(request.id());
      assertThat(number == null || number.equals(number(request))).as("one id, one event").isTrue();
    }
    assertThat(
            receiver.received().stream()
                .collect(
                    Collectors.groupingBy(
                        KillTest::number,
                        Collectors.mapping(RecordingReceiver.Received::id, Collectors.toSet()))))
        .as("one webhook-id for an event, also when it is sent again")
        .allSatisfy((number, ids) -> assertThat(ids).hasSize(1));
  }

  /**
   * Each number is published once: one that was not acknowledged is left behind, whatever became of
   * it.
   */
  private void publishUntilStopped(Api api) {
    while (publishing.get()) {
      long number = numbers.incrementAndGet();
      try {
        Api.Reply reply =
            api.post(
                "/events",
                "{\"event\": {\"type\": \"load.test\", \"payload\": {\"number\": "
                    + number
                    + "}}}");
        if (reply.status() == 201) {
          acknowledged.put(reply.body().at("/event/id").asText(), number);
        }
      } catch (IOException notAnswered) {
        Thread.onSpinWait();
      }
    }
  }

  private Set<Long> receivedNumbers() {
    return receiver.received().stream().map(KillTest::number).collect(Collectors.toSet());
  }

  private static Long number(RecordingReceiver.Received request) {
    try {
      return JSON.readTree(request.body()).path("number").asLong();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void verify(String secret, RecordingReceiver.Received request) throws Exception {
    Map<String, List<String>> headers =
        request.headers().entrySet().stream()
            .collect(
                Collectors.toMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    new Webhook(secret)
        .verify(
            new String(request.body(), StandardCharsets.UTF_8),
            HttpHeaders.of(headers, (name, value) -> true));
  }

  private static String account(Path data) throws IOException {
    String output =
        PosthornProcess.run(
                "account",
                "create",
                "--name",
                "Load",
                "--email",
                "load@posthorn.example",
                "--data",
                data.toString(),
                "--json")
            .successful()
            .output();
    JsonNode account = JSON.readTree(output.substring(output.indexOf('{')));
    return account.path("api_key").asText();
  }

  private String webhook(Api api) throws IOException {
    Api.Reply reply =
        api.post(
            "/webhooks",
            "{\"webhook\": {\"url\": \"" + receiver.url("/hook") + "\", \"rate_limit\": 1000000}}");
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    return reply.body().at("/webhook/secret").asText();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
