package dev.posthorn.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the API as a customer does, and holds every exchange against its description: an answer
 * that is not documented fails the test, and so does a request that breaks the description and is
 * accepted all the same.
 *
 * <pre>{@code
 * ApiClient api = ApiClient.on(server.port(), key);
 * Reply reply = api.post("/webhooks", "{\"webhook\": {\"url\": \"https://example.com/\"}}");
 * assertThat(reply.status()).isEqualTo(201);
 * }</pre>
 */
public final class ApiClient {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final List<Header> headers;
  private final Contract contract;

  private ApiClient(URI base, List<Header> headers, Contract contract) {
    this.base = base;
    this.headers = List.copyOf(headers);
    this.contract = contract;
  }

  /** A client of a server on this machine, with an API key. */
  public static ApiClient on(int port, String key) {
    return anonymous(port).with("Authorization", "Bearer " + key);
  }

  /** A client without a key. */
  public static ApiClient anonymous(int port) {
    return new ApiClient(URI.create("http://127.0.0.1:" + port), List.of(), Contract.ofTheApi());
  }

  /** The same client, held against another description. */
  ApiClient against(Contract other) {
    return new ApiClient(base, headers, other);
  }

  /** The same client, sending one more header with every request. */
  public ApiClient with(String name, String value) {
    return new ApiClient(base, Header.append(headers, name, value), contract);
  }

  /** Reads {@code path}, which begins below {@link Route#API} and may have a query. */
  public Reply get(String path) {
    return send("GET", Route.API + path, null);
  }

  public Reply post(String path, String json) {
    return send("POST", Route.API + path, json.getBytes(StandardCharsets.UTF_8));
  }

  public Reply patch(String path, String json) {
    return send("PATCH", Route.API + path, json.getBytes(StandardCharsets.UTF_8));
  }

  public Reply delete(String path) {
    return send("DELETE", Route.API + path, null);
  }

  /**
   * Any request at all.
   *
   * @param path from the root, with its query
   * @param body declared as JSON unless the client's headers say otherwise; null for none
   */
  public Reply send(String method, String path, byte @org.jspecify.annotations.Nullable [] body) {
    HttpRequest request = request(method, path, body);
    Reply reply = exchange(request);
    contract.check(request, body, reply);
    return reply;
  }

  private HttpRequest request(
      String method, String path, byte @org.jspecify.annotations.Nullable [] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(header -> request.header(header.name(), header.value()));
    boolean isTyped = headers.stream().anyMatch(h -> h.name().equalsIgnoreCase("Content-Type"));
    if (body != null && !isTyped) {
      request.header("Content-Type", "application/json");
    }
    return request.build();
  }

  private static Reply exchange(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
      List<Header> headers = new ArrayList<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> values.forEach(one -> headers.add(new Header(name, one))));
      return new Reply(response.statusCode(), headers, response.body());
    } catch (IOException e) {
      throw new AssertionError(request.method() + " " + request.uri() + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What came back. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Reply(int status, List<Header> headers, byte[] body) {

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      try {
        return JSON.readTree(text());
      } catch (JsonProcessingException e) {
        throw new AssertionError("Not JSON: " + text(), e);
      }
    }

    /** The value of a header; empty text when it is missing. */
    public String header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst()
          .orElse("");
    }

    /** The stable code of a problem. */
    public String error() {
      return json().path("error").asText();
    }

    /** The faults of a 422, each as {@code field code}. */
    public List<String> faults() {
      List<String> faults = new ArrayList<>();
      json()
          .path("errors")
          .forEach(one -> faults.add(one.path("field").asText() + " " + one.path("code").asText()));
      return faults;
    }
  }
}
