package dev.posthorn.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client of the API that says so when a request was not answered, and does not repeat it. */
public final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI server;
  private final String key;

  /** Calls one server with one account's key. */
  public Api(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  /** An answer of the server. */
  public record Reply(int status, JsonNode body) {}

  /**
   * Posts to a path below the API's base.
   *
   * @throws IOException when no answer came: nobody knows whether it was done
   */
  public Reply post(String path, String body) throws IOException {
    return send(
        request("/api/2023-01" + path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Patches what is at a path below the API's base; fails as {@link #post} does. */
  public Reply patch(String path, String body) throws IOException {
    return send(
        request("/api/2023-01" + path)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Deletes what is at a path below the API's base; fails as {@link #post} does. */
  public Reply delete(String path) throws IOException {
    return send(request("/api/2023-01" + path).DELETE());
  }

  /** Reads what is at a path below the API's base; fails as {@link #post} does. */
  public Reply get(String path) throws IOException {
    return send(request("/api/2023-01" + path).GET());
  }

  /** The status of a path from the root, without a key. */
  public int statusOf(String path) throws IOException {
    return send(HttpRequest.newBuilder(server.resolve(path)).GET()).status();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + key);
  }

  private Reply send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), JSON.readTree(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
