package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, paths, conditions and failures, over real connections. */
class EdgeTest {
  private static final String BELOW = "/api/2023-01";

  @AutoClose private final ApiServer server = TestServer.start(new ThingRoutes());

  @AutoClose
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void takesAKeyWithAndWithoutItsScheme() throws Exception {
    assertThat(get("/things/7", "Bearer " + TestServer.READER).statusCode()).isEqualTo(200);
    assertThat(get("/things/7", "bearer  " + TestServer.READER).statusCode()).isEqualTo(200);
    assertThat(get("/things/7", TestServer.READER).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Bearer ", "Basic cGg6bGl2ZQ==", "Bearer unknown", "Bearer a b"})
  void refusesWhatIsNoKey(String authorization) throws Exception {
    HttpResponse<String> response = get("/things/7", authorization);

    assertProblem(response, 401, "unauthorized");
    assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
  }

  @Test
  void refusesACallWithoutAKeyOrWithOneInTheQuery() throws Exception {
    HttpResponse<String> none = send(request("/things/7").GET());
    HttpResponse<String> inQuery = send(request("/things/7?api_key=" + TestServer.FULL).GET());

    assertProblem(none, 401, "unauthorized");
    assertProblem(inQuery, 401, "unauthorized");
    assertThat(inQuery.body()).doesNotContain(TestServer.FULL);
  }

  @Test
  void refusesADoubledAuthorization() {
    String response =
        RawConnection.exchange(
            server.port(),
            String.join(
                "\r\n",
                "GET /api/2023-01/things/7 HTTP/1.1",
                "Host: x",
                "Connection: close",
                "Authorization: Bearer ph_live_full",
                "Authorization: Bearer ph_live_full",
                "",
                ""));

    assertThat(response).startsWith("HTTP/1.1 401 ").contains("\"unauthorized\"");
  }

  @Test
  void namesTheScopeThatAKeyLacks() throws Exception {
    HttpResponse<String> response =
        send(
            request("/things")
                .header("Authorization", "Bearer " + TestServer.READER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

    assertProblem(response, 403, "insufficient_scope");
    assertThat(response.body()).contains("records:write");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "007",
        "%207",
        "7%20",
        "7.0",
        "+7",
        "-7",
        "0",
        "1180591620717411303424",
        "9223372036854775808",
        "7%00",
        "%D9%A7",
        "7;a=1",
        "7%2F1",
        "seven"
      })
  void knowsNoOtherFormOfAnId(String id) throws Exception {
    HttpResponse<String> response = get("/things/" + id, TestServer.FULL);

    assertThat(response.statusCode()).as(response.body()).isIn(404, 400);
    assertThat(json(response).get("error").asText()).isIn("not_found", "bad_request");
  }

  @Test
  void findsTheLargestId() throws Exception {
    HttpResponse<String> response = get("/things/9223372036854775807", TestServer.FULL);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"thing\":{\"id\":9223372036854775807}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/2023-01",
        "/api/2023-01/",
        "/api/2024-01/things/7",
        "//x",
        "/api/2023-01/things/7/",
        "/api/2023-01/Things",
        "/api/2023-01/../2023-01/things"
      })
  void answersAnUnknownPathWithAProblem(String path) {
    String response =
        RawConnection.exchange(
            server.port(),
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: Bearer ph_live_full\r\n\r\n");

    assertThat(response).startsWith("HTTP/1.1 404 ").contains("application/problem+json");
  }

  @Test
  void namesTheMethodsThatAPathKnows() throws Exception {
    HttpResponse<String> response = send(request("/things/7").PUT(BodyPublishers.ofString("{}")));

    assertProblem(response, 405, "method_not_allowed");
    assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD, PATCH");
  }

  @Test
  void answersHeadLikeGetWithoutItsBody() throws Exception {
    HttpResponse<String> response =
        send(
            request("/things/7")
                .header("Authorization", TestServer.FULL)
                .method("HEAD", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Length")).contains("18");
    assertThat(response.body()).isEmpty();
    assertThat(get("/things/7", TestServer.FULL).body()).hasSize(18);
  }

  @Test
  void leavesOutTheBodyThatTheClientHas() throws Exception {
    String tag = get("/things/7", TestServer.FULL).headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> same = getIf("If-None-Match", "\"other\", W/" + tag);
    HttpResponse<String> changed = getIf("If-None-Match", "\"other\"");

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers().firstValue("ETag")).contains(tag);
    assertThat(changed.statusCode()).isEqualTo(200);
  }

  @Test
  void changesOnlyTheObjectThatTheClientHasSeen() throws Exception {
    String tag = get("/things/7", TestServer.FULL).headers().firstValue("ETag").orElseThrow();

    assertThat(patchIf(tag).statusCode()).isEqualTo(200);
    assertThat(patchIf("*").statusCode()).isEqualTo(200);
    assertProblem(patchIf("\"other\""), 412, "precondition_failed");
    assertProblem(patchIf("W/" + tag), 412, "precondition_failed");
  }

  @Test
  void tellsAnOutageFromAFailureAndNothingOfOurInsides() throws Exception {
    HttpResponse<String> outage = get("/outage", TestServer.FULL);
    HttpResponse<String> failure = get("/failure", TestServer.FULL);

    assertProblem(outage, 503, "unavailable");
    assertThat(outage.headers().firstValue("Retry-After")).contains("1");
    assertProblem(failure, 500, "internal_error");
    assertThat(outage.body() + failure.body())
        .doesNotContain("secrets", "hunter2", "Exception", "ThingRoutes");
  }

  @Test
  void keepsASaneRequestIdAndReplacesAnother() throws Exception {
    String sane = "a-Z_0.9";

    assertThat(idFor(sane)).isEqualTo(sane);
    assertThat(idFor("x".repeat(64))).isEqualTo("x".repeat(64));
    assertThat(idFor("x".repeat(65))).matches("[a-z0-9]+-[0-9]+");
    assertThat(idFor("a b")).matches("[a-z0-9]+-[0-9]+");
    assertThat(idFor("{jndi:x}")).isNotEqualTo(idFor("{jndi:x}"));
  }

  @Test
  void refusesQueryParametersWhereNoneAreRead() throws Exception {
    HttpResponse<String> response = get("/things/7?fields=id&x", TestServer.FULL);

    assertProblem(response, 422, "validation_failed");
    assertThat(response.body()).contains("fields is not a query parameter", "\"field\":\"x\"");
  }

  @Test
  void bearsAnyIdempotencyKey() {
    for (String key : new String[] {"", "\"", "\"a\"", "a".repeat(5000), "\u00ff\u0080", ", ,"}) {
      String response =
          RawConnection.exchange(
              server.port(),
              "GET /api/2023-01/things/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  + "Authorization: ph_live_full\r\nIdempotency-Key: "
                  + key
                  + "\r\n\r\n");

      assertThat(response).matches("(?s)HTTP/1.1 (200|400) .*");
    }
  }

  private String idFor(String sent) throws Exception {
    HttpResponse<String> response =
        send(
            request("/things/7")
                .header("Authorization", TestServer.FULL)
                .header("X-Request-Id", sent)
                .GET());
    return response.headers().firstValue("X-Request-Id").orElseThrow();
  }

  private HttpResponse<String> getIf(String name, String value) throws Exception {
    return send(
        request("/things/7").header("Authorization", TestServer.FULL).header(name, value).GET());
  }

  private HttpResponse<String> patchIf(String tags) throws Exception {
    return send(
        request("/things/7")
            .header("Authorization", TestServer.FULL)
            .header("Content-Type", "application/json")
            .header("If-Match", tags)
            .method("PATCH", BodyPublishers.ofString("{\"thing\":{\"name\":\"new\"}}")));
  }

  private HttpResponse<String> get(String path, String authorization) throws Exception {
    return send(request(path).header("Authorization", authorization).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + BELOW + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String error)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    JsonNode problem = json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("error").asText()).isEqualTo(error);
    assertThat(problem.properties().stream().map(java.util.Map.Entry::getKey))
        .contains("type", "title", "detail", "instance");
  }
}
