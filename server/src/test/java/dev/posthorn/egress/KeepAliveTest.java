package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection is used again, and what happens when it should not have been. */
final class KeepAliveTest {

  private static final String OK = ScriptedReceiver.status(200);

  private final Sender sender = Sender.patient();

  @AfterEach
  void close() {
    sender.close();
  }

  @Test
  void usesAConnectionAgain() {
    try (var receiver = ScriptedReceiver.answering(OK)) {
      for (int i = 0; i < 10; i++) {
        sender.answered(receiver.url("http"));
      }

      assertThat(receiver.requests()).hasSize(10);
      assertThat(receiver.connections()).isEqualTo(1);
      assertThat(sender.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nxyz",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Forged\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\nhello",
      })
  void neverUsesADoubtfulConnectionAgain(String response) {
    try (var receiver = ScriptedReceiver.answering(response)) {
      assertThat(sender.answered(receiver.url("http")).isSuccess()).isTrue();
      assertThat(sender.answered(receiver.url("http")).isSuccess()).isTrue();

      assertThat(receiver.connections()).isEqualTo(2);
      assertThat(sender.connections()).isZero();
    }
  }

  @Test
  void neverTakesWhatCameUnaskedForAnAnswer() {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch forged = new CountDownLatch(1);
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send(OK);
          if (talk.connection() == 1) {
            talk.await(answered);
            talk.send("HTTP/1.1 500 Forged\r\nContent-Length: 0\r\n\r\n");
            forged.countDown();
            talk.stall();
          }
        })) {
      sender.answered(receiver.url("http"));
      answered.countDown();
      Awaitility.await().until(() -> forged.getCount() == 0);

      assertThat(sender.answered(receiver.url("http")).status()).isEqualTo(200);
      assertThat(receiver.connections()).isEqualTo(2);
    }
  }

  /** Dies without a word when the second request has come: the sender cannot know before. */
  private static ScriptedReceiver dyingOnItsSecondRequest() {
    return ScriptedReceiver.playing(talk -> {
      talk.readRequest();
      talk.send(OK);
      talk.readRequest();
      talk.reset();
    });
  }

  @Test
  void writesOnceMoreWhenAKeptConnectionDied() {
    try (var receiver = dyingOnItsSecondRequest()) {
      sender.answered(receiver.url("http"));
      RecordingGate gate = RecordingGate.open();

      Exchange exchange = sender.post(receiver.url("http"), gate);

      assertThat(exchange).isInstanceOf(Exchange.Answered.class);
      assertThat(gate.calls()).containsExactly("mayWrite", "mayWriteAgain");
      assertThat(receiver.requests()).hasSize(3);
      assertThat(receiver.requests().get(2).body()).isEqualTo(receiver.requests().get(1).body());
    }
  }

  @Test
  void asksBeforeItWritesOnceMore() {
    try (var receiver = dyingOnItsSecondRequest()) {
      sender.answered(receiver.url("http"));

      Exchange exchange = sender.post(receiver.url("http"), RecordingGate.openOnce());

      assertThat(exchange)
          .isInstanceOfSatisfying(
              Exchange.Failed.class,
              failed -> {
                assertThat(failed.failure()).isEqualTo(FailureClass.CONNECTION_CLOSED);
                assertThat(failed.requestWritten()).isTrue();
              });
      assertThat(receiver.requests()).hasSize(2);
    }
  }

  @Test
  void neverWritesAgainOnceAByteHasComeBack() {
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send(OK);
          talk.readRequest();
          talk.send("H");
        })) {
      sender.answered(receiver.url("http"));
      RecordingGate gate = RecordingGate.open();

      Exchange exchange = sender.post(receiver.url("http"), gate);

      assertThat(exchange).isInstanceOf(Exchange.Failed.class);
      assertThat(gate.calls()).containsExactly("mayWrite");
      assertThat(receiver.requests()).hasSize(2);
    }
  }

  @Test
  void neverWritesAgainOnAFreshConnection() {
    try (var receiver = ScriptedReceiver.playing(Talk::readRequest)) {
      RecordingGate gate = RecordingGate.open();

      assertThat(sender.post(receiver.url("http"), gate)).isInstanceOf(Exchange.Failed.class);
      assertThat(gate.calls()).containsExactly("mayWrite");
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void noticesAConnectionThatWasClosedWhileItWasIdle() {
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send(OK);
        })) {
      sender.answered(receiver.url("http"));
      Awaitility.await()
          .pollDelay(Duration.ofMillis(250)) // connections are asked after 200 ms only
          .until(() -> receiver.openConnections() == 0);
      RecordingGate gate = RecordingGate.open();

      assertThat(sender.post(receiver.url("http"), gate)).isInstanceOf(Exchange.Answered.class);
      assertThat(gate.calls()).containsExactly("mayWrite");
    }
  }

  @Test
  void keepsAnIdleConnectionThatIsAlive() {
    try (var receiver = ScriptedReceiver.answering(OK)) {
      long first = sender.answered(receiver.url("http")).timings().endedNanos();
      Awaitility.await().until(() -> System.nanoTime() - first > 250_000_000L);

      sender.answered(receiver.url("http"));
      sender.answered(receiver.url("http"));

      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void closesConnectionsThatNobodyUses() {
    EgressSettings.Times quick = Sender.PATIENT.times();
    EgressSettings soon =
        new EgressSettings(
            new EgressSettings.Times(
                quick.dns(), quick.connect(), quick.exchange(), Duration.ofMillis(100)),
            8,
            1,
            1_024,
            1_024);
    try (var receiver = ScriptedReceiver.answering(OK);
        var brief = Sender.with(soon, new ScriptedResolver())) {
      brief.answered(receiver.url("http"));

      Awaitility.await().untilAsserted(() -> assertThat(brief.connections()).isZero());
      Awaitility.await().untilAsserted(() -> assertThat(receiver.openConnections()).isZero());
    }
  }

  @Test
  void holdsNoMoreConnectionsThanTheLimitToAllHostsTogether() throws Exception {
    EgressSettings four = new EgressSettings(Sender.PATIENT.times(), 4, 1, 1_024, 1_024);
    List<ScriptedReceiver> receivers = new ArrayList<>();
    try (var narrow = Sender.with(four, new ScriptedResolver());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        receivers.add(ScriptedReceiver.answering(OK));
      }
      List<Future<Exchange>> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String url = receivers.get(i % 8).url("http");
        all.add(threads.submit(() -> narrow.post(url)));
      }
      for (Future<Exchange> one : all) {
        assertThat(one.get()).isInstanceOf(Exchange.Answered.class);
        assertThat(narrow.connections()).isLessThanOrEqualTo(4);
      }
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(receivers.stream().mapToInt(ScriptedReceiver::openConnections).sum())
                  .isLessThanOrEqualTo(4));
    } finally {
      receivers.forEach(ScriptedReceiver::close);
    }
  }

  @Test
  void leavesNoConnectionBehindWhenTheGateThrows() {
    WriteGate broken =
        new WriteGate() {
          @Override
          public boolean mayWrite() {
            throw new IllegalStateException("broken");
          }

          @Override
          public boolean mayWriteAgain() {
            return false;
          }
        };
    try (var receiver = ScriptedReceiver.answering(OK)) {
      assertThatIllegalStateException().isThrownBy(() -> sender.post(receiver.url("http"), broken));

      assertThat(sender.connections()).isZero();
      Awaitility.await().untilAsserted(() -> assertThat(receiver.openConnections()).isZero());
    }
  }
}
