package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One deadline for everything, whatever keeps the sockets busy. */
final class DeadlineTest {

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private final Sender sender = Sender.quick();

  @AfterEach
  void close() {
    sender.close();
  }

  private static Map<String, ScriptedReceiver.Script> receiversThatTakeTheirTime() {
    return Map.of(
        "silence",
        script(Talk::stall),
        "a dripping head",
        script(talk -> talk.drip(OK + "X: y\r\n", PAUSE)),
        "a dripping status line",
        script(talk -> talk.drip("H", PAUSE)),
        "a dripping body",
        script(talk -> {
          talk.send(OK + "Content-Length: 100000\r\n\r\n");
          talk.drip("x", PAUSE);
        }),
        "dripping chunks",
        script(talk -> {
          talk.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
          talk.drip("1\r\nx\r\n", PAUSE);
        }),
        "dripping interim responses",
        script(talk -> talk.drip("HTTP/1.1 103 Hints\r\n\r\n", Duration.ofMillis(5))));
  }

  @Test
  void cutsEveryKindOfSlownessToATenth() throws Exception {
    Map<String, Future<Exchange>> exchanges = new HashMap<>();
    List<ScriptedReceiver> receivers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      receiversThatTakeTheirTime()
          .forEach((name, script) -> {
            ScriptedReceiver receiver = ScriptedReceiver.playing(script);
            receivers.add(receiver);
            exchanges.put(name, threads.submit(() -> sender.post(receiver.url("http"))));
          });
      for (Map.Entry<String, Future<Exchange>> exchange : exchanges.entrySet()) {
        assertCutInTime(exchange.getKey(), exchange.getValue().get());
      }
      assertThat(sender.connections()).isZero();
    } finally {
      receivers.forEach(ScriptedReceiver::close);
    }
  }

  @Test
  void anErrorWhileItIsWatchedDoesNotEndTheWatch() {
    AtomicBoolean thrown = new AtomicBoolean();
    LongSupplier ticker =
        () -> {
          boolean watching = Thread.currentThread().getName().equals("egress-deadlines");
          if (watching && thrown.compareAndSet(false, true)) {
            throw new NoClassDefFoundError("for once");
          }
          return System.nanoTime();
        };
    try (var watched = Sender.quick(new ScriptedResolver(), ticker);
        var receiver = ScriptedReceiver.playing(script(Talk::stall))) {
      Awaitility.await().untilTrue(thrown);

      assertCutInTime("silence", watched.post(receiver.url("http")));
    }
  }

  @Test
  void cutsAWriteThatNobodyReads() {
    try (var receiver = ScriptedReceiver.playing(Talk::stall)) {
      OutboundRequest large = Sender.request(receiver.url("http"), "x".repeat(32 * 1_024 * 1_024));

      Exchange exchange = sender.post(large, RecordingGate.open());

      assertCutInTime("a write that nobody reads", exchange);
    }
  }

  @Test
  void hangingExchangesDoNotHoldUpOthers() throws Exception {
    try (var hanging = ScriptedReceiver.playing(script(Talk::stall));
        var healthy = ScriptedReceiver.answering(ScriptedReceiver.status(200));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Exchange>> hung = submit(threads, 30, () -> sender.post(hanging.url("http")));
      Awaitility.await().until(() -> hanging.requests().size() == 30);

      List<Future<Exchange>> answered =
          submit(threads, 100, () -> sender.post(healthy.url("http")));

      for (Future<Exchange> future : answered) {
        assertThat(future.get()).isInstanceOf(Exchange.Answered.class);
        assertThat(future.get().timings().total()).isLessThan(Sender.EXCHANGE.dividedBy(2));
      }
      assertThat(hung).noneMatch(Future::isDone);
      assertAllFail(hung, FailureClass.DEADLINE);
    }
  }

  @Test
  void closingTheClientEndsWhatIsUnderWay() throws Exception {
    try (var hanging = ScriptedReceiver.playing(script(Talk::stall));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Exchange>> hung = submit(threads, 5, () -> sender.post(hanging.url("http")));
      Awaitility.await().until(() -> hanging.requests().size() == 5);

      sender.close();

      assertAllFail(hung, FailureClass.CANCELLED);
      assertThat(sender.failed(hanging.url("http")).failure()).isEqualTo(FailureClass.CANCELLED);
      assertThat(hanging.requests()).hasSize(5);
    }
  }

  @Test
  void anInterruptEndsTheExchangeAndStaysVisible() throws Exception {
    try (var hanging = ScriptedReceiver.playing(script(Talk::stall))) {
      CompletableFuture<Exchange> ended = new CompletableFuture<>();
      AtomicBoolean visible = new AtomicBoolean();
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                Exchange exchange = sender.post(hanging.url("http"));
                visible.set(Thread.currentThread().isInterrupted());
                ended.complete(exchange);
              });
      Awaitility.await().until(() -> hanging.requests().size() == 1);

      thread.interrupt();

      assertAllFail(List.of(ended), FailureClass.CANCELLED);
      assertThat(visible).isTrue();
      assertThat(hanging.requests()).hasSize(1);
    }
  }

  @Test
  void waitsForAPlaceAsLongAsTheExchangeMayLast() throws Exception {
    EgressSettings one = new EgressSettings(Sender.QUICK.times(), 1, 1, 1_024, 1_024);
    try (var narrow = Sender.with(one, new ScriptedResolver());
        var hanging = ScriptedReceiver.playing(script(Talk::stall));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Exchange>> both = submit(threads, 2, () -> narrow.post(hanging.url("http")));

      assertAllFail(both, FailureClass.DEADLINE);
      assertThat(hanging.connections()).isLessThanOrEqualTo(2);
    }
  }

  private static ScriptedReceiver.Script script(ScriptedReceiver.Script afterTheRequest) {
    return talk -> {
      talk.readRequest();
      afterTheRequest.play(talk);
    };
  }

  private static void assertCutInTime(String name, Exchange exchange) {
    assertThat(exchange)
        .as(name)
        .isInstanceOfSatisfying(
            Exchange.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo(FailureClass.DEADLINE);
              assertThat(failed.requestWritten()).isTrue();
              assertThat(failed.timings().total())
                  .isBetween(Sender.EXCHANGE, Sender.EXCHANGE.multipliedBy(11).dividedBy(10));
            });
  }

  private static List<Future<Exchange>> submit(
      ExecutorService threads, int count, Callable<Exchange> task) {
    List<Future<Exchange>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(threads.submit(task));
    }
    return futures;
  }

  private static void assertAllFail(List<? extends Future<Exchange>> futures, FailureClass expected)
      throws ExecutionException, InterruptedException {
    for (Future<Exchange> future : futures) {
      assertThat(future.get())
          .isInstanceOfSatisfying(
              Exchange.Failed.class, f -> assertThat(f.failure()).isEqualTo(expected));
    }
  }
}
