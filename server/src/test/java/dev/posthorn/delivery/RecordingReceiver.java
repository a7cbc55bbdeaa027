package dev.posthorn.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A receiver on loopback that remembers every request and answers as it is told. */
public final class RecordingReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Answer> answers = request -> new Answer(200, List.of());

  /**
   * One request.
   *
   * @param arrivedNanos on {@link System#nanoTime}
   */
  public record Received(
      String path, com.sun.net.httpserver.Headers headers, byte[] body, long arrivedNanos) {
    public String header(String name) {
      return headers.getFirst(name);
    }

    public String id() {
      return header("webhook-id");
    }
  }

  /** A status and headers, name before value. */
  public record Answer(int status, List<String> headers) {}

  public RecordingReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** From now on answers so; may block. */
  public void answer(Function<Received, Answer> newAnswers) {
    answers = newAnswers;
  }

  public void answerStatus(int status) {
    answer(request -> new Answer(status, List.of()));
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  public List<Received> received(String path) {
    return received.stream().filter(request -> request.path().equals(path)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    long arrived = System.nanoTime();
    Received request =
        new Received(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders(),
            exchange.getRequestBody().readAllBytes(),
            arrived);
    received.add(request);
    Answer answer = answers.apply(request);
    for (int i = 0; i < answer.headers().size(); i += 2) {
      exchange.getResponseHeaders().add(answer.headers().get(i), answer.headers().get(i + 1));
    }
    exchange.sendResponseHeaders(answer.status(), -1);
    exchange.close();
  }
}
