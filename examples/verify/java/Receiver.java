import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

public final class Receiver {

  public static void main(String[] args) throws Exception {
    Webhook webhook = new Webhook(System.getenv("WEBHOOK_SECRET"));
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/webhook", exchange -> receive(webhook, exchange));
    server.start();
  }

  private static void receive(Webhook webhook, HttpExchange exchange) throws IOException {
    try {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      webhook.verify(body, exchange.getRequestHeaders());
      System.out.println(exchange.getRequestHeaders().getFirst("webhook-event-type") + " " + body);
      exchange.sendResponseHeaders(204, -1);
    } catch (WebhookVerificationException refused) {
      exchange.sendResponseHeaders(400, -1);
    } finally {
      exchange.close();
    }
  }
}
