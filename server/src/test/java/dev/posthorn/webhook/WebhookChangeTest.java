package dev.posthorn.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.event.ApiFixture;
import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiClient.Reply;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookChangeTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  @BeforeEach
  void nobodyWasToldYet() {
    fixture.told.clear();
  }

  @Test
  void changesOnlyWhatIsSent() {
    String id = fixture.addWebhook(", \"description\": \"old\", \"rate_limit\": 10");

    JsonNode changed = patch(id, "\"url\": \"https://other.example.com/x\"");

    assertThat(changed.get("url").asText()).isEqualTo("https://other.example.com/x");
    assertThat(changed.get("description").asText()).isEqualTo("old");
    assertThat(changed.get("rate_limit").asInt()).isEqualTo(10);
  }

  @Test
  void nullGoesBackToTheDefault() {
    String id =
        fixture.addWebhook(
            """
            , "description": "old", "rate_limit": 10, "filter_types": ["contact.*"], "enabled": false,
            "headers": {"X-A": "1"}, "secret": "old secret"
            """);

    JsonNode changed =
        patch(
            id,
            """
            "description": null, "rate_limit": null, "filter_types": null, "enabled": null,
            "headers": null, "secret": null
            """);

    assertThat(changed.get("description").isNull()).isTrue();
    assertThat(changed.get("rate_limit").asInt()).isEqualTo(60);
    assertThat(changed.get("filter_types").isNull()).isTrue();
    assertThat(changed.get("enabled").asBoolean()).isTrue();
    assertThat(changed.get("headers")).isEmpty();
    assertThat(secretOf(id)).startsWith("whsec_");
    assertThat(column(id, "filter_patterns IS NULL AND headers IS NULL")).isEqualTo("true");
  }

  @Test
  void headersAreMergedByNameWhateverTheCase() {
    String id = fixture.addWebhook(", \"headers\": {\"X-A\": \"1\", \"X-B\": \"2\"}");

    patch(id, "\"headers\": {\"x-a\": \"3\", \"X-B\": null, \"X-C\": \"4\"}");

    assertThat(fixture.secrets.headers(stored(id)))
        .containsExactly(java.util.Map.entry("x-a", "3"), java.util.Map.entry("X-C", "4"));
  }

  @Test
  void tellsTheEngineOfEachChangeAfterItIsStored() {
    String id = fixture.addWebhook("");
    assertThat(fixture.told).isEmpty();

    patch(id, "\"rate_limit\": 5");
    fixture.api().post("/webhooks/" + id + "/secret/rotate", "{\"secret\": {}}");
    long internal = stored(id).id();
    fixture.api().delete("/webhooks/" + id);

    assertThat(fixture.told)
        .containsExactly(
            new ApiFixture.Told(1, internal, 2),
            new ApiFixture.Told(1, internal, 3),
            new ApiFixture.Told(1, internal, 4));
  }

  @Test
  void tellsNobodyOfAChangeThatIsRefused() {
    String id = fixture.addWebhook("");

    fixture.api().patch("/webhooks/" + id, "{\"webhook\": {\"rate_limit\": 0}}");
    fixture.api().with("If-Match", "\"other\"").delete("/webhooks/" + id);

    assertThat(fixture.told).isEmpty();
    assertThat(stored(id).revision()).isEqualTo(1);
  }

  @Test
  void disablingByHandGoesOnCollectingForAWhile() {
    String id = fixture.addWebhook("");

    JsonNode disabled = patch(id, "\"enabled\": false");
    patch(id, "\"enabled\": false, \"description\": \"again\"");

    assertThat(disabled.get("enabled").asBoolean()).isFalse();
    assertThat(disabled.get("disabled_reason").asText()).isEqualTo("by_hand");
    assertThat(column(id, "collect_until = disabled_at + interval '7 days'")).isEqualTo("true");
  }

  @Test
  void enablingForgetsWhyItWasDisabled() {
    String id = fixture.addWebhook("");
    fixture
        .database()
        .withHandle(handle ->
            handle.execute(
                """
                UPDATE webhook SET enabled = false, disabled_reason = 'failing', disabled_at = now(),
                  collect_until = now(), failing_since = now(), warned_at = now() WHERE public_id = ?
                """,
                UUID.fromString(id)));

    JsonNode enabled = patch(id, "\"enabled\": true");

    assertThat(enabled.get("disabled_reason").isNull()).isTrue();
    assertThat(
            column(
                id,
                "collect_until = 'infinity' AND disabled_at IS NULL AND failing_since IS NULL AND warned_at IS NULL"))
        .isEqualTo("true");
  }

  @Test
  void otherChangesLeaveTheEndOfCollectingAsItIs() {
    String id = fixture.addWebhook("");

    patch(id, "\"rate_limit\": 5");

    assertThat(column(id, "collect_until = 'infinity'")).isEqualTo("true");
  }

  @Test
  void deletedOneIsGoneEverywhereAndCollectsNothing() {
    String id = fixture.addWebhook("");

    assertThat(fixture.api().delete("/webhooks/" + id).status()).isEqualTo(204);

    assertThat(column(id, "deleted_at IS NOT NULL AND collect_until = '-infinity'"))
        .isEqualTo("true");
    assertThat(everyCall(fixture.api(), id)).allMatch(reply -> reply.status() == 404);
    assertThat(fixture.api().get("/webhooks").text()).doesNotContain(id);
  }

  @Test
  void anotherAccountsWebhookLooksUnknown() {
    String id = fixture.addWebhook("");
    List<Reply> foreign = everyCall(fixture.otherAccount(), id);
    List<Reply> unknown = everyCall(fixture.otherAccount(), "00000000-0000-4000-8000-000000000000");

    for (int at = 0; at < foreign.size(); at++) {
      assertThat(foreign.get(at).status()).isEqualTo(404);
      assertThat(withoutPath(foreign.get(at))).isEqualTo(withoutPath(unknown.get(at)));
    }
    assertThat(fixture.otherAccount().get("/webhooks").text()).doesNotContain(id);
    assertThat(stored(id).revision()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"007", "1", "7.0", "1180591620717411303424", "1-1-1-1-1"})
  void oddIdsAreUnknown(String id) {
    assertThat(fixture.api().get("/webhooks/" + id).status()).isEqualTo(404);
  }

  @Test
  void changesOnlyTheVersionThatWasSeen() {
    String id = fixture.addWebhook("");
    String tag = fixture.api().get("/webhooks/" + id).header("ETag");

    Reply changed =
        fixture
            .api()
            .with("If-Match", tag)
            .patch("/webhooks/" + id, "{\"webhook\": {\"rate_limit\": 7}}");
    Reply late =
        fixture
            .api()
            .with("If-Match", tag)
            .patch("/webhooks/" + id, "{\"webhook\": {\"rate_limit\": 8}}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(late.status()).isEqualTo(412);
    assertThat(changed.header("ETag"))
        .isEqualTo(fixture.api().get("/webhooks/" + id).header("ETag"));
  }

  @Test
  void losesNoneOfManyChangesAtOnce() throws Exception {
    String id = fixture.addWebhook("");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<JsonNode>> patches =
          IntStream.rangeClosed(1, 19)
              .<Callable<JsonNode>>mapToObj(
                  at -> () -> patch(id, "\"headers\": {\"X-" + at + "\": \"v\"}"))
              .toList();
      for (Future<JsonNode> done : threads.invokeAll(patches)) {
        done.get();
      }
    }

    assertThat(fixture.secrets.headers(stored(id))).hasSize(19);
    assertThat(stored(id).revision()).isEqualTo(20);
  }

  @Test
  void listsInPagesOldestFirst() {
    try (ApiFixture fresh = new ApiFixture()) {
      List<String> ids = IntStream.range(0, 3).mapToObj(at -> fresh.addWebhook("")).toList();

      Reply first = fresh.api().get("/webhooks?per_page=2");
      Reply second = fresh.api().get("/webhooks?per_page=2&page=2");

      assertThat(first.json().get("webhooks").findValuesAsText("id")).isEqualTo(ids.subList(0, 2));
      assertThat(second.json().get("webhooks").findValuesAsText("id")).isEqualTo(ids.subList(2, 3));
      assertThat(first.header("Link")).contains("rel=\"next\"");
    }
  }

  @Test
  void revealsAndRotatesTheSecret() {
    String id = fixture.addWebhook(", \"secret\": \"first\"");

    Reply rotated = fixture.api().post("/webhooks/" + id + "/secret/rotate", "{\"secret\": {}}");

    assertThat(rotated.json().at("/secret/secret").asText()).startsWith("whsec_");
    assertThat(rotated.header("Cache-Control")).isEqualTo("no-store");
    assertThat(secretOf(id)).isEqualTo(rotated.json().at("/secret/secret").asText());
    assertThat(column(id, "previous_secret_until = updated_at + interval '24 hours'"))
        .isEqualTo("true");
    assertThat(
            fixture.secrets.signing(stored(id), fixture.now()).stream()
                .map(dev.posthorn.signing.SigningSecret::text))
        .containsExactly(secretOf(id), "first");
  }

  @Test
  void leakedSecretStopsSigningAtOnce() {
    String id = fixture.addWebhook(", \"secret\": \"first\"");

    fixture
        .api()
        .post(
            "/webhooks/" + id + "/secret/rotate",
            "{\"secret\": {\"secret\": \"second\", \"expire_old_after_hours\": 0}}");

    assertThat(column(id, "previous_secret IS NULL AND previous_secret_until IS NULL"))
        .isEqualTo("true");
    assertThat(secretOf(id)).isEqualTo("second");
  }

  @Test
  void secretThatIsSetReplacesTheOldOneAtOnce() {
    String id = fixture.addWebhook(", \"secret\": \"first\"");
    fixture.api().post("/webhooks/" + id + "/secret/rotate", "{\"secret\": {}}");

    patch(id, "\"secret\": \"third\"");

    assertThat(fixture.secrets.signing(stored(id), fixture.now())).hasSize(1);
    assertThat(secretOf(id)).isEqualTo("third");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "169", "1.5", "\"24\""})
  void refusesOverlaps(String hours) {
    String id = fixture.addWebhook("");
    Reply reply =
        fixture
            .api()
            .post(
                "/webhooks/" + id + "/secret/rotate",
                "{\"secret\": {\"expire_old_after_hours\": " + hours + "}}");

    assertThat(reply.faults())
        .singleElement()
        .asString()
        .startsWith("secret.expire_old_after_hours");
    assertThat(stored(id).revision()).isEqualTo(1);
  }

  @Test
  void keyPairIsRotatedToAKeyPair() {
    String pair =
        dev.posthorn.signing.SigningKeyPair.generate(new java.security.SecureRandom()).text();
    String id = fixture.addWebhook(", \"secret\": \"" + pair + "\"");

    fixture.api().post("/webhooks/" + id + "/secret/rotate", "{\"secret\": {}}");

    assertThat(secretOf(id)).startsWith("whsk_").isNotEqualTo(pair);
  }

  @Test
  void keyThatOnlyReadsSeesNoSecretAndChangesNothing() {
    String id = fixture.addWebhook("");
    ApiClient reader = fixture.reader();

    assertThat(reader.get("/webhooks/" + id).status()).isEqualTo(200);
    assertThat(reader.get("/webhooks/" + id + "/secret").status()).isEqualTo(403);
    assertThat(reader.delete("/webhooks/" + id).status()).isEqualTo(403);
  }

  private static List<Reply> everyCall(ApiClient api, String id) {
    String path = "/webhooks/" + id;
    return List.of(
        api.get(path),
        api.patch(path, "{\"webhook\": {\"rate_limit\": 1}}"),
        api.get(path + "/secret"),
        api.post(path + "/secret/rotate", "{\"secret\": {}}"),
        api.delete(path));
  }

  private static String withoutPath(Reply problem) {
    return ((ObjectNode) problem.json()).without("instance").toString();
  }

  private static JsonNode patch(String id, String fields) {
    Reply reply = fixture.api().patch("/webhooks/" + id, "{\"webhook\": {" + fields + "}}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().get("webhook");
  }

  private static String secretOf(String id) {
    return fixture.api().get("/webhooks/" + id + "/secret").json().at("/secret/secret").asText();
  }

  private static Webhook stored(String id) {
    return fixture
        .database()
        .withHandle(handle -> Webhooks.findPublic(handle, 1, UUID.fromString(id)))
        .orElseThrow();
  }

  private static String column(String id, String expression) {
    String sql = "SELECT (" + expression + ")::text FROM webhook WHERE public_id = '" + id + "'";
    return fixture.value(String.class, sql);
  }
}
