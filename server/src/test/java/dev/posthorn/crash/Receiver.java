package dev.posthorn.crash;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * The customers' side: takes every request, writes it down with the moment of its first byte,
 * verifies its signature, and behaves as its subscription is meant to.
 */
final class Receiver implements AutoCloseable {
  private final ServerSocket door;
  private final RandomGenerator random;
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /**
   * @param random decides who fails when
   */
  Receiver(RandomGenerator random) {
    this.random = random;
    try {
      door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("receiver").daemon().start(this::acceptUntilClosed);
  }

  /** From now on takes requests for a subscription; returns where. */
  String take(Subscription subscription) {
    String path = "/" + subscription.terms().path();
    subscriptions.put(path, subscription);
    return "http://127.0.0.1:" + door.getLocalPort() + path;
  }

  @Override
  public void close() {
    closeQuietly(door);
    connections.forEach(Receiver::closeQuietly);
  }

  private void acceptUntilClosed() {
    while (!door.isClosed()) {
      try {
        Socket connection = door.accept();
        connections.add(connection);
        Thread.startVirtualThread(() -> serve(connection));
      } catch (IOException e) {
        // It is closed.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (boolean open = true; open; ) {
        open = answerNext(connection, in);
      }
    } catch (IOException e) {
      // The sender is gone, in the middle of a request: it did not arrive.
    } finally {
      connections.remove(connection);
    }
  }

  private boolean answerNext(Socket connection, InputStream in) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return false;
    }
    long arrived = System.nanoTime();
    in.reset();
    String path = line(in).split(" ", 3)[1];
    Map<String, List<String>> headers = headers(in);
    int length = Integer.parseInt(header(headers, "content-length"));
    byte[] read = in.readNBytes(length);
    if (read.length < length) {
      throw new IOException("the request ends in its body");
    }
    String body = new String(read, StandardCharsets.UTF_8);
    Subscription subscription = subscriptions.get(path);
    if (subscription == null) {
      throw new IOException("nobody has the path " + path);
    }
    Manner.Reaction reaction = subscription.terms().manner().react(random);
    subscription.saw(request(subscription, arrived, headers, body, reaction.status()));
    LockSupport.parkNanos(reaction.time().toNanos());
    if (reaction.status() == Manner.Reaction.DROPPED) {
      return false;
    }
    String answer = "HTTP/1.1 " + reaction.status() + " As planned\r\ncontent-length: 0\r\n\r\n";
    String withoutBody = "HTTP/1.1 204 As planned\r\n\r\n";
    connection
        .getOutputStream()
        .write(
            (reaction.status() == 204 ? withoutBody : answer).getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  private static Request request(
      Subscription subscription,
      long arrived,
      Map<String, List<String>> headers,
      String body,
      int status) {
    return new Request(
        arrived,
        header(headers, "webhook-id"),
        Integer.parseInt(header(headers, "webhook-attempt")),
        Request.key(header(headers, "webhook-event-type"), body),
        isVerified(subscription.terms().secret(), headers, body),
        status);
  }

  private static String header(Map<String, List<String>> headers, String name) {
    return headers.getOrDefault(name, List.of("0")).getFirst();
  }

  private static boolean isVerified(String secret, Map<String, List<String>> headers, String body) {
    try {
      new Webhook(secret).verify(body, HttpHeaders.of(headers, (name, value) -> true));
      return true;
    } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
      return false;
    }
  }

  private static Map<String, List<String>> headers(InputStream in) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          List.of(line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the request ends in its head");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is to be gone, and is.
    }
  }
}
