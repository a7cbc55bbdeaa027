package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that break the rules: each costs one failed attempt, and bounded memory and time. */
final class HostileReceiversTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private final Sender sender = Sender.patient();

  @AfterEach
  void close() {
    sender.close();
  }

  static Stream<Arguments> answersThatAreNone() {
    return Stream.of(
        Arguments.of("garbage", "hello\r\n\r\n"),
        Arguments.of("a leading empty line", "\r\n" + OK + "\r\n"),
        Arguments.of("status 000", ScriptedReceiver.status(0).replace(" 0 ", " 000 ")),
        Arguments.of("status 99", ScriptedReceiver.status(99)),
        Arguments.of("status 600", ScriptedReceiver.status(600)),
        Arguments.of("status 2000", ScriptedReceiver.status(2000)),
        Arguments.of("status -200", ScriptedReceiver.status(-200)),
        Arguments.of("no status", "HTTP/1.1\r\n\r\n"),
        Arguments.of("HTTP/2", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of("101", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        Arguments.of("endless 103s", "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n".repeat(3_000)),
        Arguments.of("5 MB of headers", OK + ("X: " + "y".repeat(5_000) + "\r\n").repeat(1_000)),
        Arguments.of("20,000 headers", OK + "X-Header: y\r\n".repeat(20_000)),
        Arguments.of("one endless header", OK + "X: " + "y".repeat(5_000_000)),
        Arguments.of("an endless status line", "HTTP/1.1 200 " + "y".repeat(5_000_000)),
        Arguments.of("a negative length", OK + "Content-Length: -1\r\n\r\n"),
        Arguments.of("a length with a NUL", OK + "Content-Length: 1\0\r\n\r\nx"),
        Arguments.of("a huge length", OK + "Content-Length: 99999999999999999999\r\n\r\n"),
        Arguments.of("two lengths", OK + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
        Arguments.of("a folded length", OK + "Content-Length: 1\r\n 0\r\n\r\nx"),
        Arguments.of("a space before the colon", OK + "Transfer-Encoding : chunked\r\n\r\n"),
        Arguments.of("an unknown coding", OK + "Transfer-Encoding: gzip\r\n\r\n"),
        Arguments.of("twice chunked", OK + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("chunk overflow", chunked("FFFFFFFFFFFFFFFFF\r\nx")),
        Arguments.of("a negative chunk", chunked("-1\r\nx")),
        Arguments.of("a chunk that is none", chunked("xyz\r\n")),
        Arguments.of("a chunk without its end", chunked("1\r\nxyz\r\n")),
        Arguments.of("an endless chunk line", chunked("1;" + "e".repeat(5_000_000))),
        Arguments.of("endless trailers", chunked("0\r\n" + "X: y\r\n".repeat(100_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answersThatAreNone")
  void answersThatAreNotHttpFail(String name, String response) {
    try (var receiver = ScriptedReceiver.answering(response)) {
      Exchange.Failed failed = sender.failed(receiver.url("http"));

      assertThat(failed.failure()).as(name).isEqualTo(FailureClass.PROTOCOL_ERROR);
      assertThat(failed.requestWritten()).isTrue();
      assertThat(failed.message()).isEqualTo("The answer was not valid HTTP/1.1.");
      assertThat(receiver.requests()).hasSize(1);
      assertThat(sender.connections()).isZero();
    }
  }

  static Stream<Arguments> answersThatStopTooSoon() {
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("half a status line", "HTTP/1.1 200 O"),
        Arguments.of("half a head", OK + "Content-Length: 0\r\n"),
        Arguments.of("an interim response only", "HTTP/1.1 103 Early\r\n\r\n"),
        Arguments.of("half a body", OK + "Content-Length: 10\r\n\r\nhalf"),
        Arguments.of("half a chunk", chunked("a\r\nhalf")),
        Arguments.of("chunks without the last", chunked("4\r\nhalf\r\n")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answersThatStopTooSoon")
  void answersThatStopTooSoonFail(String name, String response) {
    try (var closing = ScriptedReceiver.playing(once(response));
        var resetting =
            ScriptedReceiver.playing(talk -> {
              once(response).play(talk);
              talk.reset();
            })) {
      for (ScriptedReceiver receiver : List.of(closing, resetting)) {
        Exchange.Failed failed = sender.failed(receiver.url("http"));

        assertThat(failed.failure()).as(name).isEqualTo(FailureClass.CONNECTION_CLOSED);
        assertThat(failed.requestWritten()).isTrue();
        assertThat(receiver.requests()).hasSize(1);
        assertThat(sender.connections()).isZero();
      }
    }
  }

  /** Which of the two depends on whether the reset comes before or after we see the connection. */
  @Test
  void aResetRightAfterTheAcceptFails() {
    try (var receiver = ScriptedReceiver.playing(Talk::reset)) {
      Exchange.Failed failed = sender.failed(receiver.url("http"));

      assertThat(failed.failure())
          .isIn(FailureClass.CONNECT_FAILED, FailureClass.CONNECTION_CLOSED);
    }
  }

  @Test
  void aClosedPortRefuses() throws IOException {
    ServerSocket closed = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    closed.close();

    Exchange.Failed failed = sender.failed("http://127.0.0.1:" + closed.getLocalPort() + "/");

    assertThat(failed.failure()).isEqualTo(FailureClass.CONNECT_REFUSED);
    assertThat(failed.requestWritten()).isFalse();
  }

  @Test
  void aBlackHoleEndsWithTheConnectTimeOut() throws IOException {
    List<Socket> fillers = new ArrayList<>();
    try (Sender quick = Sender.quick();
        ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      fillBacklog(full, fillers);

      Exchange.Failed failed = quick.failed("http://127.0.0.1:" + full.getLocalPort() + "/");

      assertThat(failed.failure()).isEqualTo(FailureClass.CONNECT_TIMEOUT);
      assertThat(failed.requestWritten()).isFalse();
      assertThat(failed.timings().total()).isLessThan(Sender.EXCHANGE);
    } finally {
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  /** Linux drops the handshakes that a full queue has no room for. */
  private static void fillBacklog(ServerSocket server, List<Socket> fillers) throws IOException {
    while (true) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(server.getLocalSocketAddress(), 300);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10737418240\r\n\r\n", "\r\n", "X: gzip\r\n\r\n"})
  void endlessBodiesAreCutAtTheLimit(String rest) {
    AtomicLong sent = new AtomicLong();
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send(OK + rest);
          byte[] block = new byte[64 * 1_024];
          while (true) {
            talk.send(block);
            sent.addAndGet(block.length);
          }
        })) {

      Exchange.Answered answer = sender.answered(receiver.url("http"));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.response().body()).hasSize(16 * 1_024);
      assertThat(answer.response().bodyTruncated()).isTrue();
      assertThat(sender.connections()).isZero();
      // What the kernels buffered is all that the receiver got rid of.
      assertThat(sent.get()).isLessThan(32L * 1_024 * 1_024);
    }
  }

  @Test
  void endlessChunksAreCutAtTheLimitOfTheWire() {
    String tinyChunk = "1;" + "e".repeat(4_000) + "\r\nx\r\n";
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
          talk.sendForEver(tinyChunk);
        })) {

      Exchange.Answered answer = sender.answered(receiver.url("http"));

      assertThat(answer.response().body().length).isBetween(1, 64 * 1_024 / 4_000 + 4);
      assertThat(answer.response().bodyTruncated()).isTrue();
    }
  }

  @Test
  void aBodyThatFitsIsReadWholeAndKeptInPart() {
    String body = "z".repeat(40_000);
    try (var receiver = ScriptedReceiver.answering(OK + "Content-Length: 40000\r\n\r\n" + body)) {
      Exchange.Answered answer = sender.answered(receiver.url("http"));
      sender.answered(receiver.url("http"));

      assertThat(answer.response().body()).hasSize(16 * 1_024);
      assertThat(answer.response().bodyTruncated()).isTrue();
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void aLongHeadIsKeptInPart() {
    String head = OK + ("X: " + "y".repeat(95) + "\r\n").repeat(300);
    try (var receiver = ScriptedReceiver.answering(head + "Content-Length: 0\r\n\r\n")) {
      ResponseCapture response = sender.answered(receiver.url("http")).response();

      assertThat(response.head()).hasSize(16 * 1_024);
      assertThat(response.headTruncated()).isTrue();
      assertThat(response.bodyTruncated()).isFalse();
    }
  }

  @Test
  void bareLineFeedsAndOddBytesInHeadersDoNoHarm() {
    try (var receiver =
        ScriptedReceiver.answering(
            "HTTP/1.1 200 OK\nX:\0\u001b\n: y\nz\n folded\nContent-Length: 1\n\nx")) {
      assertThat(sender.answered(receiver.url("http")).response().body()).containsExactly('x');
    }
  }

  private static String chunked(String body) {
    return OK + "Transfer-Encoding: chunked\r\n\r\n" + body;
  }

  private static ScriptedReceiver.Script once(String response) {
    return talk -> {
      talk.readRequest();
      talk.send(response);
    };
  }
}
