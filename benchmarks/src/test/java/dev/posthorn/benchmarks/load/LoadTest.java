package dev.posthorn.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.benchmarks.child.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadTest {
  private static final byte[] CREATED =
      "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
  private static final Duration STALL = Duration.ofMillis(400);

  @TempDir private Path folder;
  private ServerSocket listener;

  /** What a server does with the request of this number before it answers it; false: hangs up. */
  private interface Answering {
    boolean mayAnswer(int number);
  }

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  @Test
  void countsARequestWhoseConnectionIsCutAndConnectsAnew() throws IOException {
    serve(number -> number != 10);

    LoadResult result = run(LoadPlan.atRate(1, 500).lasting(0, 0.5));

    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.events()).isGreaterThan(10);
    assertThat(result.firstFailure()).isNotEmpty();
  }

  @Test
  void atAFixedRateAStallIsChargedToAllThatHadToWait() throws IOException {
    serve(number -> {
      if (number == 10) {
        LockSupport.parkNanos(STALL.toNanos());
      }
      return true;
    });

    LoadResult result = run(LoadPlan.atRate(1, 500).lasting(0, 0.5));

    assertThat(result.accept().count()).isGreaterThanOrEqualTo(250);
    assertThat(result.accept().p50()).isGreaterThan(STALL.toMillis() * 1e3 / 10);
  }

  @Test
  void whatIsNotAnsweredInTimeHasFailedAndSoHasWhatHadToWaitForIt() throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    serve(number -> number < 10 || awaitEndOf(over));

    LoadResult result = run(LoadPlan.atRate(1, 100).lasting(0, 0.5));
    over.countDown();

    assertThat(result.failed() + result.events()).isBetween(50L, 51L);
    assertThat(result.events()).isBetween(1L, 9L);
    assertThat(result.firstFailure()).contains("no answer in time");
    assertThatThrownBy(result::demandSuccess).hasMessageContaining("no answer in time");
  }

  private static boolean awaitEndOf(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void serve(Answering answering) {
    AtomicInteger requests = new AtomicInteger();
    Thread.ofVirtual()
        .start(() -> {
          while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
              answer(client, answering, requests);
            } catch (IOException ignored) {
              // the client went, or the test is over
            }
          }
        });
  }

  private static void answer(Socket client, Answering answering, AtomicInteger requests)
      throws IOException {
    InputStream in = client.getInputStream();
    byte[] buffer = new byte[4_096];
    while (in.read(buffer) > 0 && answering.mayAnswer(requests.incrementAndGet())) {
      client.getOutputStream().write(CREATED);
    }
  }

  private LoadResult run(LoadPlan plan) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    List<LoadResult> results = new ArrayList<>();
    Progress received = Progress.at(folder.resolve("progress"));
    try (Load load = new Load(plan.with(List.of("key")), server, received)) {
      load.run(results::add);
    }
    return results.getLast();
  }
}
