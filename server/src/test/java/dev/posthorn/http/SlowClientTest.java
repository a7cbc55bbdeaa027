package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients that take their time, and a server that stops. */
class SlowClientTest {
  private static final HttpSettings.Limits SHORT =
      new HttpSettings.Limits(
          Duration.ofMillis(400), Duration.ofMillis(600), Duration.ofSeconds(10), 100);

  private static final String HEAD =
      String.join(
          "\r\n",
          "POST /api/2023-01/things HTTP/1.1",
          "Host: x",
          "Connection: close",
          "Authorization: Bearer ph_live_full",
          "Content-Type: application/json",
          "Content-Length: 1000",
          "",
          "{");

  @Test
  void cutsABodyThatDripsAtItsDeadline() throws Exception {
    try (ApiServer server = TestServer.start(TestServer.noLimit(), SHORT, new ThingRoutes());
        RawConnection connection = new RawConnection(server.port());
        ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor()) {
      long start = System.nanoTime();
      connection.send(HEAD);
      Future<?> drops =
          dripping.scheduleAtFixedRate(() -> drip(connection), 50, 50, TimeUnit.MILLISECONDS);

      String response = connection.readToEnd();

      assertThat(response).startsWith("HTTP/1.1 408 ").contains("\"request_timeout\"");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(SHORT.body().multipliedBy(5));
      drops.cancel(true);
    }
  }

  @Test
  void cutsABodyAndHeadersThatStopComing() throws Exception {
    try (ApiServer server = TestServer.start(TestServer.noLimit(), SHORT, new ThingRoutes());
        RawConnection halfBody = new RawConnection(server.port());
        RawConnection halfHead = new RawConnection(server.port())) {
      halfBody.send(HEAD);
      halfHead.send("GET / HTTP/1.1\r\nHost: x\r\nX-Mo");

      assertThat(halfBody.readToEnd())
          .doesNotStartWith("HTTP/1.1 2")
          .doesNotStartWith("HTTP/1.1 5");
      assertThat(halfHead.readToEnd())
          .doesNotStartWith("HTTP/1.1 2")
          .doesNotStartWith("HTTP/1.1 5");
    }
  }

  @Test
  void closesAConnectionThatSaysNothing() throws Exception {
    try (ApiServer server = TestServer.start(TestServer.noLimit(), SHORT, new ThingRoutes());
        RawConnection silent = new RawConnection(server.port());
        RawConnection halfLine = new RawConnection(server.port())) {
      halfLine.send("GET / HT");

      assertThat(silent.readToEnd()).doesNotStartWith("HTTP/1.1 5");
      assertThat(halfLine.readToEnd()).doesNotStartWith("HTTP/1.1 5");
    }
  }

  @Test
  void finishesWhatItIsAnsweringWhenItStops() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Routes slow = () -> List.of(Route.open("GET", "/slow", call -> await(begun, mayEnd)));
    ApiServer server = TestServer.start(slow);
    CompletableFuture<String> response =
        CompletableFuture.supplyAsync(() ->
            RawConnection.exchange(
                server.port(), "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::close);
    mayEnd.countDown();

    assertThat(response.get(10, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 ").endsWith("done");
    stopping.get(20, TimeUnit.SECONDS);
  }

  @Test
  void tellsClientsThatAskAndAskToGoBeforeItStops() throws Exception {
    ApiServer server =
        TestServer.start(
            () -> List.of(Route.open("GET", "/", call -> Answer.text("text/plain", "ok"))));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port())).build();
    CountDownLatch answered = new CountDownLatch(20);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<? extends Future<?>> asking =
          Stream.generate(() -> clients.submit(() -> askUntilTold(http, request, answered)))
              .limit(4)
              .toList();
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();

      CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::close);

      for (Future<?> client : asking) {
        client.get(10, TimeUnit.SECONDS); // no request failed
      }
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  private static @Nullable Void askUntilTold(
      HttpClient http, HttpRequest request, CountDownLatch answered) throws Exception {
    Optional<String> told = Optional.empty();
    while (told.isEmpty()) {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      answered.countDown();
      told = response.headers().firstValue("connection").filter("close"::equalsIgnoreCase);
    }
    return null;
  }

  private static Answer await(CountDownLatch begun, CountDownLatch mayEnd) {
    begun.countDown();
    try {
      assertThat(mayEnd.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Answer.text("text/plain", "done");
  }

  private static void drip(RawConnection connection) {
    try {
      connection.send(" ");
    } catch (IOException cut) {
      throw new UncheckedIOException(cut); // ends the dripping
    }
  }
}
