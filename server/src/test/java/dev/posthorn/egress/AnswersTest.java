package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what is made of answers that keep to the rules. */
final class AnswersTest {

  private final Sender sender = Sender.patient();

  @AfterEach
  void close() {
    sender.close();
  }

  @Test
  void sendsTheRequestAsItIsAndNothingElse() {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      String url = "http://127.0.0.1:" + receiver.port() + "//a/../%41?q=%20+&&b=%C3%BC#gone";

      sender.answered(url);

      var request = receiver.requests().getFirst();
      assertThat(request.head().lines())
          .containsExactly(
              "POST //a/../%41?q=%20+&&b=%C3%BC HTTP/1.1",
              "Host: 127.0.0.1:" + receiver.port(),
              "content-type: application/json",
              "webhook-id: evt_1",
              "Content-Length: 11");
      assertThat(request.text()).isEqualTo("{\"id\":2279}");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_384, 16_385, 262_144})
  void sendsBodiesOfAnySizeByteForByte(int size) {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      byte[] body = new byte[size];
      for (int i = 0; i < size; i++) {
        body[i] = (byte) i;
      }
      TargetUrl url = Sender.url(receiver.url("http"));

      Exchange exchange =
          sender.post(new OutboundRequest(url, List.of(), body), RecordingGate.open());

      assertThat(exchange).isInstanceOf(Exchange.Answered.class);
      assertThat(receiver.requests().getFirst().body()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void takesEvery2xxForSuccess(int status) {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(status))) {
      Exchange.Answered answer = sender.answered(receiver.url("http"));

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.isSuccess()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        300, 304, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 413, 415, 422, 500, 501,
        502, 503, 504, 599
      })
  void takesNothingElseForSuccess(int status) {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(status))) {
      Exchange.Answered answer = sender.answered(receiver.url("http"));

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.isSuccess()).isFalse();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void neverFollowsARedirect(int status) {
    try (var other = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      List<String> locations =
          List.of(
              "Location: " + other.url("http") + "\r\n",
              "Location: /hook\r\n",
              "Location: http://10.0.0.1/\r\n",
              "");
      for (String location : locations) {
        String response =
            "HTTP/1.1 " + status + " Moved\r\n" + location + "Content-Length: 0\r\n\r\n";
        try (var receiver = ScriptedReceiver.answering(response)) {
          Exchange.Answered answer = sender.answered(receiver.url("http"));

          assertThat(answer.status()).isEqualTo(status);
          assertThat(answer.isSuccess()).isFalse();
          assertThat(receiver.requests()).hasSize(1);
        }
      }
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void neverSendsACookieBackNorAnswersAChallenge() {
    String response =
        ScriptedReceiver.head(
            "HTTP/1.1 401 Unauthorized",
            "Set-Cookie: a=b",
            "WWW-Authenticate: Basic realm=x",
            "Content-Length: 0");
    try (var receiver = ScriptedReceiver.answering(response)) {
      sender.answered(receiver.url("http"));
      sender.answered(receiver.url("http"));

      assertThat(receiver.requests())
          .hasSize(2)
          .allSatisfy(request -> assertThat(request.header("cookie")).isEmpty())
          .allSatisfy(request -> assertThat(request.header("authorization")).isEmpty());
    }
  }

  @Test
  void keepsTheResponseAsItCame() {
    String head =
        ScriptedReceiver.head(
            "HTTP/1.1 200 \u00d6K",
            "Content-Encoding: gzip",
            "X-Odd:\u0000\u001b[31m\u00fc",
            "Transfer-Encoding: chunked");
    String body = "\u00ff\u00fe\u001b[2J<script>x</script>\u00e2\u0080\u00ae";
    try (var receiver =
        ScriptedReceiver.answering(
            head
                + Integer.toHexString(body.length())
                + ";ext=1\r\n"
                + body
                + "\r\n0\r\nTrailer: x\r\n\r\n")) {

      ResponseCapture response = sender.answered(receiver.url("http")).response();

      assertThat(new String(response.head(), StandardCharsets.ISO_8859_1))
          .isEqualTo(head.substring(0, head.length() - 2));
      assertThat(new String(response.body(), StandardCharsets.ISO_8859_1)).isEqualTo(body);
      assertThat(response.headTruncated()).isFalse();
      assertThat(response.bodyTruncated()).isFalse();
    }
  }

  @Test
  void neverInflates() {
    byte[] bomb = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n\r\n");
          talk.send(bomb);
        })) {

      assertThat(sender.answered(receiver.url("http")).response().body()).isEqualTo(bomb);
      assertThat(receiver.requests().getFirst().header("accept-encoding")).isEmpty();
    }
  }

  @Test
  void readsABodyThatEndsWithTheConnection() {
    try (var receiver =
        ScriptedReceiver.playing(talk -> {
          talk.readRequest();
          talk.send("HTTP/1.0 200 OK\r\n\r\nall of it");
        })) {

      ResponseCapture response = sender.answered(receiver.url("http")).response();

      assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo("all of it");
      assertThat(sender.connections()).isZero();
    }
  }

  @Test
  void skipsInterimResponses() {
    String hints = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000);
    try (var receiver = ScriptedReceiver.answering(hints + ScriptedReceiver.status(200))) {
      assertThat(sender.answered(receiver.url("http")).status()).isEqualTo(200);
      assertThat(sender.answered(receiver.url("http")).status()).isEqualTo(200);
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void reportsHowLongToWait() {
    String response =
        ScriptedReceiver.head(
            "HTTP/1.1 503 Busy",
            "Retry-After: 60",
            "retry-after: 120",
            "Retry-After: abc",
            "Content-Length: 0");
    try (var receiver = ScriptedReceiver.answering(response)) {
      Exchange.Answered answer = sender.answered(receiver.url("http"));

      assertThat(answer.retryAfterLines()).containsExactly("60", "120", "abc");
      assertThat(answer.retryAfter(Instant.EPOCH)).contains(Duration.ofMinutes(2));
    }
  }

  @Test
  void measuresTheParts() {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      long before = System.nanoTime();
      Timings first = sender.answered(receiver.url("http")).timings();
      Timings second = sender.answered(receiver.url("http")).timings();

      assertThat(first.dns()).isNull();
      assertThat(first.tls()).isNull();
      assertThat(first.connect()).isPositive();
      assertThat(first.firstByte()).isPositive().isLessThanOrEqualTo(first.total());
      assertThat(first.startedNanos()).isGreaterThanOrEqualTo(before);
      assertThat(first.firstByteNanos().orElseThrow())
          .isGreaterThan(receiver.requests().getFirst().arrivedNanos())
          .isLessThanOrEqualTo(first.endedNanos());
      assertThat(second.connect()).isNull();
    }
  }

  @Test
  void writesNothingWhenTheGateIsShut() {
    try (var receiver = ScriptedReceiver.answering(ScriptedReceiver.status(200))) {
      Exchange withheld = sender.post(receiver.url("http"), RecordingGate.shut());
      assertThat(withheld).isInstanceOf(Exchange.Withheld.class);

      RecordingGate open = RecordingGate.open();
      assertThat(sender.post(receiver.url("http"), open)).isInstanceOf(Exchange.Answered.class);

      assertThat(open.calls()).containsExactly("mayWrite");
      assertThat(receiver.requests()).hasSize(1);
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }
}
