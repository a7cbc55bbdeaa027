package dev.posthorn.benchmarks.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.account.ApiKeys;
import dev.posthorn.db.Database;
import dev.posthorn.http.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Makes accounts, each with a key, the event type of the load, and webhooks by the API. */
final class Tenants {
  /** The highest that there is: what is measured is not the pacing. */
  static final int UNLIMITED = 1_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final ApiKeys keys = new ApiKeys(new SecureRandom());
  private final HttpClient client = HttpClient.newHttpClient();

  Tenants(Database database) {
    this.database = database;
  }

  /** An account's key. */
  record Tenant(long accountId, String key) {}

  /** Keys of new accounts, in their order. */
  List<Tenant> make(int count) {
    List<Tenant> tenants = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tenants.add(make());
    }
    return tenants;
  }

  private Tenant make() {
    return database.inTransaction(transaction -> {
      long account =
          transaction
              .createQuery("INSERT INTO account (name) VALUES ('bench') RETURNING id")
              .mapTo(Long.class)
              .one();
      transaction.execute(
          "INSERT INTO event_type (account_id, name, created_at, updated_at) VALUES (?, 'bench.happened', now(), now())",
          account);
      String key =
          keys.create(transaction, account, "bench", EnumSet.allOf(Scope.class)).key().value();
      return new Tenant(account, key);
    });
  }

  /** Registers a webhook; returns its public id. */
  String addWebhook(URI server, Tenant tenant, URI target, int rateLimit) {
    Map<String, Object> webhook = Map.of("url", target.toString(), "rate_limit", rateLimit);
    return post(server, tenant, "/webhooks", Map.of("webhook", webhook));
  }

  private String post(URI server, Tenant tenant, String path, Map<String, Object> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve("/api/2023-01" + path))
              .header("Authorization", "Bearer " + tenant.key())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 201) {
        throw new IllegalStateException(path + ": " + response.statusCode() + response.body());
      }
      return JSON.readTree(response.body()).path("webhook").path("id").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
