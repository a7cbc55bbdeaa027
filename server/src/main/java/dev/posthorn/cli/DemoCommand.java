package dev.posthorn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.Server;
import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows the whole way on one machine: a server, a receiver that verifies, a webhook, an
 * opportunity, its signed delivery; then stays up to be played with.
 */
@Command(
    name = "demo",
    description = {
      "Starts a server with a demo account and a receiver on this machine, creates an opportunity,",
      "and shows its signed delivery arriving; then stays up. Run it again and it starts again."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String USUAL_PORT = "8080";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where the demo's database lives (default: data/demo).")
  private Path data = Path.of("data", "demo");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port (default: 8080, or a free one when that is taken).")
  private @Nullable String port;

  @Option(names = "--once", description = "End when the delivery has arrived.")
  private boolean once;

  private final CountDownLatch firstDelivery = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    DemoReceiver receiver = new DemoReceiver(this::show);
    Server server = Server.start(configuration());
    Termination termination =
        Termination.closing(() -> {
          server.close();
          receiver.close();
        });
    String key = DemoAccount.freshKey(server.database());
    System.out.println("Posthorn is ready on " + server.localUrl());
    try (DemoApi api = new DemoApi(server.localUrl(), key)) {
      registerWebhook(api, receiver);
      createOpportunity(api);
    }
    if (!firstDelivery.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      System.err.println("The delivery did not arrive within " + PATIENCE.toSeconds() + " s.");
      return 1;
    }
    if (!once) {
      System.out.println(whatNext(server, key));
      termination.await();
    }
    return 0; // the process ends, which stops the server in order
  }

  /** Only the demo may reach receivers on this machine without being told. */
  private Configuration configuration() {
    Map<String, String> given = new HashMap<>();
    given.put(Settings.DATA.name(), data.toString());
    given.put(Settings.EGRESS_ALLOW.name(), "127.0.0.0/8");
    given.put(Settings.DATABASE_URL.name(), "");
    if (port != null) {
      given.put(Settings.PORT.name(), port);
    } else if (System.getenv(Settings.PORT.variable()) == null) {
      given.put(Settings.PORT.name(), isFree(Integer.parseInt(USUAL_PORT)) ? USUAL_PORT : "0");
    }
    return Configuration.read(given, System.getenv(), Path.of(""));
  }

  private static boolean isFree(int number) {
    try (ServerSocket socket = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The receiver of the last run is gone, and so is its port. */
  private static void registerWebhook(DemoApi api, DemoReceiver receiver) {
    for (JsonNode old : api.get("/webhooks").path("webhooks")) {
      api.delete("/webhooks/" + old.path("id").asText());
    }
    JsonNode webhook =
        api.post(
                "/webhooks",
                """
                {"webhook": {"url": "%s", "description": "The demo's receiver", "rate_limit": 600}}
                """
                    .formatted(receiver.url()))
            .path("webhook");
    receiver.verifyWith(webhook.path("secret").asText());
    System.out.println("Webhook      " + webhook.path("id").asText() + " to " + receiver.url());
  }

  private static void createOpportunity(DemoApi api) {
    JsonNode opportunity =
        api.post(
                "/opportunities",
                "{\"opportunity\": {\"name\": \"A new roof for the post office\"}}")
            .path("opportunity");
    System.out.println(
        "Opportunity  "
            + opportunity.path("id").asLong()
            + " \""
            + opportunity.path("name").asText()
            + "\" created");
  }

  private void show(DemoReceiver.Received received) {
    System.out.printf(
        "Received     %s %s %s, %s%n",
        received.eventType(),
        received.body(),
        received.id(),
        received.verified() ? "signature verified" : "SIGNATURE WRONG");
    firstDelivery.countDown();
  }

  private static String whatNext(Server server, String key) {
    return """

    API key      %s

    Create another opportunity, and watch it arrive here:

      curl -X POST %s/api/2023-01/opportunities \\
        -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\
        -d '{"opportunity": {"name": "Opportunity from curl"}}'

    The API is described on %s/openapi.yaml. Ctrl-C stops the demo.
    """
        .formatted(key, server.localUrl(), key, server.localUrl());
  }
}
