package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no client library sends, and framing that no server should believe. */
class BadBodyTest {
  private static final String GOOD = "{\"thing\":{\"name\":\"n\"}}";

  @AutoClose private final ApiServer server = TestServer.start(new ThingRoutes());

  @Test
  void takesAGoodBody() {
    assertThat(post(GOOD)).startsWith("HTTP/1.1 201 ").contains("Location: /api/2023-01/things/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "{}x",
        "{} {}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "[1,]",
        "{\"a\":\"\t\"}",
        "//x\n{}",
        "{\"a\":.5}",
        "tru",
        "{\"thing\":{},\"thing\":{}}",
        "{\"thing\":{\"name\":\"a\",\"name\":\"b\"}}",
        "{\"thing\":{\"n\\u0061me\":\"a\",\"name\":\"b\"}}"
      })
  void refusesWhatIsNotStrictJson(String body) {
    assertThat(post(body)).startsWith("HTTP/1.1 400 ").contains("\"malformed_json\"");
  }

  @Test
  void refusesDepthOverFiftyWhateverItsSize() {
    String fifty = "[".repeat(48) + "]".repeat(48);

    assertThat(post("{\"thing\":{\"name\":\"n\",\"payload\":" + fifty + "}}"))
        .startsWith("HTTP/1.1 201 ");
    assertThat(post("{\"thing\":{\"name\":\"n\",\"payload\":[" + fifty + "]}}"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(post("[".repeat(100_000))).startsWith("HTTP/1.1 400 ");
    assertThat(post("{\"a\":".repeat(100_000))).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @CsvSource({"C3 28", "C0 80", "ED A0 80", "F4 90 80 80", "FF", "E2 82", "80"})
  void refusesInvalidUtf8(String hex) {
    byte[] start = "{\"thing\":{\"name\":\"".getBytes(StandardCharsets.UTF_8);
    byte[] end = "\"}}".getBytes(StandardCharsets.UTF_8);

    String response = post(join(start, bytes(hex), end));

    assertThat(response).startsWith("HTTP/1.1 400 ").contains("not valid UTF-8");
  }

  @Test
  void takesAReplacementCharacterThatWasSentAsSuch() {
    assertThat(post("{\"thing\":{\"name\":\"\uFFFD\"}}".getBytes(StandardCharsets.UTF_8)))
        .startsWith("HTTP/1.1 201 ");
  }

  @Test
  void refusesOtherEncodingsOfText() {
    assertThat(post(join(bytes("EF BB BF"), GOOD.getBytes(StandardCharsets.UTF_8))))
        .startsWith("HTTP/1.1 400 ")
        .contains("byte order mark");
    assertThat(post(GOOD.getBytes(StandardCharsets.UTF_16BE))).startsWith("HTTP/1.1 400 ");
    assertThat(post(GOOD.getBytes(StandardCharsets.UTF_16LE))).startsWith("HTTP/1.1 400 ");
    assertThat(post("{}\0")).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/json; charset=iso-8859-1\r\n",
        "Content-Type: application/jsonx\r\n",
        "Content-Type: application/merge-patch+json\r\n",
        "Content-Type: ;;;\r\n"
      })
  void refusesABodyThatIsNotDeclaredAsJson(String header) {
    assertThat(request(header, GOOD.getBytes(StandardCharsets.UTF_8)))
        .startsWith("HTTP/1.1 415 ")
        .contains("\"unsupported_media_type\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        "Application/JSON",
        "application/json; charset=\"utf-8\""
      })
  void takesTheUsualWaysOfDeclaringJson(String type) {
    assertThat(request("Content-Type: " + type + "\r\n", GOOD.getBytes(StandardCharsets.UTF_8)))
        .startsWith("HTTP/1.1 201 ");
  }

  @Test
  void neverInflates() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(GOOD.getBytes(StandardCharsets.UTF_8));
    }

    String response =
        request(
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", zipped.toByteArray());

    assertThat(response).startsWith("HTTP/1.1 415 ").contains("no encoding");
  }

  @Test
  void refusesMoreThanOneMebibyteAndStillGetsItsAnswerAcross() {
    byte[] most =
        ("{\"thing\":{\"name\":\"n\"}}" + " ".repeat((1 << 20) - 22))
            .getBytes(StandardCharsets.UTF_8);
    byte[] more = join(most, new byte[] {' '});

    assertThat(most).hasSize(1 << 20);
    assertThat(post(most)).startsWith("HTTP/1.1 201 ");
    assertThat(post(more)).startsWith("HTTP/1.1 413 ").contains("\"payload_too_large\"");
    assertThat(post(new byte[3 << 20])).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void refusesTooMuchInChunksToo() {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";

    String response =
        RawConnection.exchange(
            server.port(),
            head("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
                + chunk.repeat(17)
                + "0\r\n\r\n");

    assertThat(response).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void answersAPromiseOfTooMuchAtOnce() {
    String declared = "Content-Type: application/json\r\nContent-Length: 10000000000\r\n";

    assertThat(RawConnection.exchange(server.port(), head(declared))).startsWith("HTTP/1.1 413 ");
    assertThat(
            RawConnection.exchange(
                server.port(),
                head("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
                    + "7fffffff\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: -1\r\n",
        "Content-Length: 1e3\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: chunked, chunked\r\n"
      })
  void refusesFramingThatTwoReadersCouldSeeDifferently(String headers) {
    String response =
        RawConnection.exchange(
            server.port(), head("Content-Type: application/json\r\n" + headers) + "0\r\n\r\n");

    assertThat(response).matches("(?s)HTTP/1.1 (400|501) .*application/problem\\+json.*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/2023-01/things/7\r\n\r\n",
        "G\u00ffT / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/2023-01/things/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /api/<x> HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA\u0000b: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
      })
  void neverAnswersBrokenHttpWithOurFault(String request) {
    String response = RawConnection.exchange(server.port(), request);

    assertThat(response)
        .doesNotStartWith("HTTP/1.1 5")
        .doesNotStartWith("HTTP/1.1 2")
        .doesNotContain("Exception", "helidon");
  }

  @Test
  void answersHeadersAndRequestLinesThatAreTooLargeWithAProblem() {
    String large = "x".repeat(100_000);

    String headers =
        RawConnection.exchange(
            server.port(), "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + large + "\r\n\r\n");
    String line =
        RawConnection.exchange(server.port(), "GET /" + large + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(headers).matches("(?s)HTTP/1.1 4(00|13|31) .*application/problem\\+json.*");
    assertThat(line).matches("(?s)HTTP/1.1 4(00|14) .*application/problem\\+json.*");
  }

  @Test
  void keepsAConnectionInStepAfterABodyThatNobodyRead() throws Exception {
    String unread =
        String.join(
            "\r\n",
            "POST /nowhere HTTP/1.1",
            "Host: x",
            "Content-Length: 5",
            "",
            "GET /POST /open HTTP/1.1",
            "Host: x",
            "Connection: close",
            "Content-Length: 0",
            "",
            "");

    String responses = RawConnection.exchange(server.port(), unread);

    assertThat(responses).startsWith("HTTP/1.1 404 ").contains("HTTP/1.1 200 ").endsWith("open");
  }

  @Test
  void answersAClientThatWaitsToSendItsBody() {
    String refused =
        RawConnection.exchange(
            server.port(),
            "POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

    assertThat(refused).startsWith("HTTP/1.1 404 ").contains("Connection: close");
  }

  @Test
  void handsOnARawBodyByteForByte() {
    String body = "{\"a\" : 1.50,\t\"b\":\"\\u00e4\"}";

    String response =
        RawConnection.exchange(
            server.port(),
            "POST /api/2023-01/raw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: ph_live_full\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);

    assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + body);
  }

  private String post(String body) {
    return post(body.getBytes(StandardCharsets.UTF_8));
  }

  private String post(byte[] body) {
    return request("Content-Type: application/json\r\n", body);
  }

  private String request(String headers, byte[] body) {
    byte[] head =
        head(headers + "Content-Length: " + body.length + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    return RawConnection.exchange(server.port(), join(head, body));
  }

  private static String head(String headers) {
    return "POST /api/2023-01/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + "Authorization: Bearer ph_live_full\r\n"
        + headers
        + "\r\n";
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
