package dev.posthorn.cli;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A webhook receiver on loopback, as a customer would write one: it verifies each request with the
 * official library.
 */
final class DemoReceiver implements AutoCloseable {
  private final HttpServer server;
  private final Consumer<Received> listener;
  private volatile String secret = "";

  /**
   * A request that came.
   *
   * @param verified whether its signature is right
   */
  record Received(String eventType, String id, String body, boolean verified) {}

  DemoReceiver(Consumer<Received> listener) {
    this.listener = listener;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's receiver cannot listen", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/webhook", this::receive);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/webhook";
  }

  /** The secret that the webhook was created with. */
  void verifyWith(String webhookSecret) {
    secret = webhookSecret;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean verified = verifies(body, headers(exchange));
    listener.accept(
        new Received(
            exchange.getRequestHeaders().getFirst("webhook-event-type"),
            exchange.getRequestHeaders().getFirst("webhook-id"),
            body,
            verified));
    exchange.sendResponseHeaders(verified ? 204 : 400, -1);
    exchange.close();
  }

  private boolean verifies(String body, HttpHeaders headers) {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
      return false;
    }
  }

  private static HttpHeaders headers(HttpExchange exchange) {
    Map<String, List<String>> lowerCase =
        exchange.getRequestHeaders().entrySet().stream()
            .collect(
                Collectors.toMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    return HttpHeaders.of(lowerCase, (name, value) -> true);
  }
}
