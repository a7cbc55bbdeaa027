package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LookupsTest {

  private final ScriptedResolver resolver = new ScriptedResolver();
  private final Sender sender = Sender.with(Sender.QUICK, resolver);
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void close() {
    never.countDown();
    sender.close();
  }

  @Test
  void tellsNamesThatDoNotExistFromServersThatFail() {
    resolver.fails("servfail.example.com").answers("empty.example.com");

    assertFails("http://nxdomain.example.com/", FailureClass.DNS_NOT_FOUND);
    assertFails("http://empty.example.com/", FailureClass.DNS_NOT_FOUND);
    assertFails("http://servfail.example.com/", FailureClass.DNS_FAILED);
  }

  @Test
  void aResolverThatBreaksIsAFailureToo() {
    resolver.answersBy(
        "broken.example.com",
        _ -> {
          throw new IllegalStateException("CNAME loop");
        });

    assertFails("http://broken.example.com/", FailureClass.DNS_FAILED);
  }

  @Test
  void givesUpAfterTheTimeForALookUp() {
    resolver.hangs("hanging.example.com", never);

    Exchange.Failed failed = sender.failed("http://hanging.example.com/");

    assertThat(failed.failure()).isEqualTo(FailureClass.DNS_TIMEOUT);
    assertThat(failed.timings().dns())
        .isBetween(Sender.QUICK.times().dns(), Sender.QUICK.times().dns().multipliedBy(2));
    assertThat(sender.check("http://hanging.example.com/"))
        .isEqualTo(new HostCheck.Unresolvable(FailureClass.DNS_TIMEOUT));
  }

  @Test
  void joinsALookUpThatIsUnderWay() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    resolver.hangs("slow.example.com", answer);
    try (Lookups lookups = new Lookups(resolver, Duration.ofSeconds(5), 4);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Thread> waiting = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 20; i++) {
        var _ =
            threads.submit(() -> {
              waiting.add(Thread.currentThread());
              return lookups.addresses("slow.example.com", Duration.ofSeconds(5));
            });
      }
      Awaitility.await()
          .until(() ->
              waiting.size() == 20
                  && waiting.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
      answer.countDown();
    }
    assertThat(resolver.lookups("slow.example.com")).isEqualTo(1);
  }

  @Test
  void aWaitForAPlaceAfterALookUpTakesNothingOfTheReceiversTime() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger watched = new AtomicInteger();
    LongSupplier ticker =
        () -> {
          if (Thread.currentThread().getName().equals("egress-deadlines")) {
            watched.incrementAndGet();
          }
          return nanos.get();
        };
    resolver.answersBy("slow.example.com", _ -> loopbackAfter(nanos, Duration.ofMillis(100)));
    try (var patient = Sender.quick(resolver, ticker);
        var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      Exchange exchange =
          patient.post(
              "http://slow.example.com:" + receiver.port() + "/",
              new BusyGate(() -> {
                nanos.addAndGet(Sender.EXCHANGE.minusMillis(100).toNanos());
                int before = watched.get();
                Awaitility.await().until(() -> watched.get() >= before + 4);
              }));

      assertThat(exchange).isInstanceOf(Exchange.Answered.class);
    }
  }

  @Test
  void aWaitForAPlaceThatIsAsLongAsAnExchangeMayTakeLeavesTheRequestUnwritten() {
    AtomicLong nanos = new AtomicLong();
    resolver.answers("slow.example.com", "127.0.0.1");
    try (var patient = Sender.quick(resolver, nanos::get);
        var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      Exchange exchange =
          patient.post(
              "http://slow.example.com:" + receiver.port() + "/",
              new BusyGate(() -> nanos.addAndGet(Sender.EXCHANGE.toNanos())));

      assertThat(exchange).isInstanceOf(Exchange.Withheld.class);
      assertThat(receiver.requests()).isEmpty();
    }
  }

  private static InetAddress[] loopbackAfter(AtomicLong nanos, Duration time) {
    nanos.addAndGet(time.toNanos());
    return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
  }

  /** Its place is not free at once after a look-up. */
  private record BusyGate(Runnable untilFree) implements WriteGate {
    @Override
    public boolean mayWrite() {
      return true;
    }

    @Override
    public boolean mayWriteAgain() {
      return true;
    }

    @Override
    public void afterLookup() {
      untilFree.run();
    }
  }

  @Test
  void neverReusesAnAnswer() {
    resolver.answers("changing.example.com", "127.0.0.1").answers("changing.example.com", "::1");

    for (String address : List.of("127.0.0.1", "::1", "::1", "::1")) {
      assertThat(sender.check("http://changing.example.com/"))
          .isEqualTo(new HostCheck.Allowed(List.of(InetAddress.ofLiteral(address))));
    }
    assertThat(resolver.lookups("changing.example.com")).isEqualTo(4);
  }

  @Test
  void namesThatHungBeforeDoNotHoldUpNamesThatAnswer() throws Exception {
    CountDownLatch firstRound = new CountDownLatch(1);
    IntStream.range(0, 12)
        .forEach(i ->
            resolver
                .hangs("hang" + i + ".test.com", firstRound)
                .hangs("hang" + i + ".test.com", never));
    resolver.answers("healthy.example.com", "127.0.0.1");
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200));
        var wide = Sender.with(withThreads(12), resolver);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Exchange> one : hang(threads, wide)) {
        assertThat(one.get()).isInstanceOf(Exchange.Failed.class);
      }
      firstRound.countDown();
      Awaitility.await().until(() -> wide.check(healthy(receiver)) instanceof HostCheck.Allowed);

      List<Future<Exchange>> again = hang(threads, wide);
      Awaitility.await().until(() -> lookedUp() > 12);

      assertThat(wide.post(healthy(receiver))).isInstanceOf(Exchange.Answered.class);
      assertThat(again).noneMatch(Future::isDone);
    }
  }

  private int lookedUp() {
    return IntStream.range(0, 12).map(i -> resolver.lookups("hang" + i + ".test.com")).sum();
  }

  private static String healthy(ScriptedReceiver receiver) {
    return "http://healthy.example.com:" + receiver.port() + "/";
  }

  private static EgressSettings withThreads(int threads) {
    return new EgressSettings(Sender.QUICK.times(), 64, threads, 1_024, 1_024);
  }

  private static List<Future<Exchange>> hang(ExecutorService threads, Sender sender) {
    return IntStream.range(0, 12)
        .mapToObj(i -> threads.submit(() -> sender.post("http://hang" + i + ".test.com/")))
        .toList();
  }

  @Test
  void resolvesOnPlatformThreadsAndAsksTheGateAround() {
    AtomicBoolean virtual = new AtomicBoolean(true);
    resolver.answersBy(
        "named.example.com",
        _ -> {
          virtual.set(Thread.currentThread().isVirtual());
          return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        });
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      RecordingGate gate = RecordingGate.open();
      String url = "http://named.example.com:" + receiver.port() + "/";

      assertThat(sender.post(url, gate).timings().dns()).isPositive();
      assertThat(sender.post(url, gate).timings().dns()).isNull();

      assertThat(gate.calls())
          .containsExactly("beforeLookup", "afterLookup", "mayWrite", "mayWrite");
      assertThat(virtual).isFalse();
      assertThat(resolver.lookups("named.example.com")).isEqualTo(1);
    }
  }

  @Test
  void aHangingLookUpHoldsNoPlace() throws Exception {
    EgressSettings one = new EgressSettings(Sender.QUICK.times(), 1, 4, 1_024, 1_024);
    resolver.hangs("hanging.example.com", never);
    try (var narrow = Sender.with(one, resolver);
        var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Exchange> hung = threads.submit(() -> narrow.post("http://hanging.example.com/"));
      Awaitility.await().until(() -> resolver.lookups("hanging.example.com") == 1);

      assertThat(narrow.post(receiver.url("http"))).isInstanceOf(Exchange.Answered.class);
      assertThat(hung.isDone()).isFalse();
    }
  }

  @Test
  void triesTheNextAddressWhenOneRefuses() {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      resolver.answers("two.example.com", "127.9.9.9", "127.0.0.1");

      assertThat(sender.answered("http://two.example.com:" + receiver.port() + "/").status())
          .isEqualTo(200);
    }
  }

  private void assertFails(String url, FailureClass expected) {
    Exchange.Failed failed = sender.failed(url);

    assertThat(failed.failure()).isEqualTo(expected);
    assertThat(failed.requestWritten()).isFalse();
    assertThat(failed.message()).isEqualTo(expected.sentence());
    assertThat(sender.check(url)).isEqualTo(new HostCheck.Unresolvable(expected));
  }
}
