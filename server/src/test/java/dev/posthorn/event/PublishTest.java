package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.IdText;
import dev.posthorn.http.ApiClient.Reply;
import dev.posthorn.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublishTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  @BeforeEach
  void startWithOneType() {
    fixture.clear();
    fixture.addType("invoice.paid");
  }

  @Test
  void builtInEventCarriesTheGuidesPayload() {
    Reply reply =
        fixture
            .api()
            .post(
                "/events", "{\"event\": {\"type\": \"opportunity.update\", \"record_id\": 2279}}");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(payload(reply.json().at("/event/id").asText()))
        .isEqualTo("{\"id\":2279,\"url\":\"https://posthorn.test/opportunities/2279\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"invoice\" :\t4711 ,\r\n \"amount\": 1.50 }",
        "1e400",
        "\"\\u00e9\\ud83d\\ude00\\/\"",
        "[ ]",
        "null",
        "{\"z\":1,\"a\":2}",
        "12345678901234567890.1234567890"
      })
  void ownEventCarriesTheVeryBytesThatWereSent(String payload) {
    Reply reply = publish(payload);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(payload(reply.json().at("/event/id").asText())).isEqualTo(payload);
  }

  @Test
  void saysHowManyWebhooksAnEventGoesTo() {
    fixture.addWebhook("");
    fixture.addWebhook(", \"filter_types\": [\"invoice.*\"]");
    fixture.addWebhook(", \"filter_types\": [\"contact.create\"]");
    String deleted = fixture.addWebhook("");
    fixture.api().delete("/webhooks/" + deleted);
    fixture.addWebhook(", \"enabled\": false"); // goes on collecting

    JsonNode event = publish("{}").json().get("event");

    assertThat(event.get("deliveries").asInt()).isEqualTo(3);
    assertThat(event.get("type").asText()).isEqualTo("invoice.paid");
    assertThat(event.get("id").asText()).matches("evt_[0-9a-z]{26}");
    assertThat(fixture.handedOver).hasSize(1);
    assertThat(fixture.handedOver.getFirst().webhookIds()).hasSize(3);
  }

  @Test
  void publishesAThousandTogetherInOrder() {
    Reply reply = fixture.api().post("/events", batch(1_000, ""));

    assertThat(reply.status()).isEqualTo(201);
    List<String> ids = reply.json().get("events").findValuesAsText("id");
    assertThat(ids).hasSize(1_000).isSorted().doesNotHaveDuplicates();
    assertThat(payload(ids.get(123))).isEqualTo("{\"n\": 123}");
    assertThat(storedEvents()).isEqualTo(1_000);
  }

  @Test
  void publishesAllOrNone() {
    Reply unknown =
        fixture.api().post("/events", batch(999, ", {\"type\": \"no.such\", \"payload\": 1}"));
    Reply tooMany = fixture.api().post("/events", batch(1_001, ""));
    Reply none = fixture.api().post("/events", "{\"events\": []}");

    assertThat(unknown.faults()).containsExactly("events[999].type unknown_event_type");
    assertThat(tooMany.faults()).containsExactly("events too_many_items");
    assertThat(none.faults()).containsExactly("events empty");
    assertThat(storedEvents()).isZero();
    assertThat(fixture.handedOver).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|event required",
        "{\"event\": {\"type\":\"invoice.paid\",\"payload\":1}, \"events\": []}|events empty,event required",
        "[]|' wrong_type'",
        "{\"event\": null}|event wrong_type",
        "{\"event\": []}|event wrong_type",
        "{\"events\": {}}|events wrong_type",
        "{\"events\": [1]}|events[0] wrong_type",
        "{\"event\": {}}|event.type required",
        "{\"event\": {\"type\": null, \"payload\": 1}}|event.type required",
        "{\"event\": {\"type\": 7, \"payload\": 1}}|event.type wrong_type",
        "{\"event\": {\"type\": \"Invoice.paid\", \"payload\": 1}}|event.type unknown_event_type",
        "{\"event\": {\"type\": \"\\u0000\", \"payload\": 1}}|event.type invalid_characters",
        "{\"event\": {\"type\": \"invoice.paid\"}}|event.payload required",
        "{\"event\": {\"type\": \"invoice.paid\", \"payload\": 1, \"record_id\": 1}}|event.record_id not_allowed",
        "{\"event\": {\"type\": \"contact.create\"}}|event.record_id required",
        "{\"event\": {\"type\": \"contact.create\", \"record_id\": null}}|event.record_id required",
        "{\"event\": {\"type\": \"contact.create\", \"record_id\": \"7\"}}|event.record_id wrong_type",
        "{\"event\": {\"type\": \"contact.create\", \"record_id\": 1, \"payload\": {}}}|event.payload not_allowed",
        "{\"event\": {\"type\": \"invoice.paid\", \"payload\": 1, \"id\": 1}}|event.id unknown_field",
        "{\"event\": {\"type\": \"invoice.paid\", \"payload\": 1}, \"account_id\": 2}|account_id unknown_field",
        "{\"event\": {\"type\": \"invoice.paid\", \"payload\": \"\\u0000\"}}|event.payload invalid_characters",
      })
  void namesWhatIsWrong(String body, String faults) {
    Reply reply = fixture.api().post("/events", body);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(String.join(",", reply.faults())).isEqualTo(faults);
    assertThat(storedEvents()).isZero();
  }

  @Test
  void refusesWhatIsNoJson() {
    byte[] badUtf8 =
        "{\"event\": {\"type\": \"invoice.paid\", \"payload\": \"X\"}}"
            .getBytes(StandardCharsets.UTF_8);
    badUtf8[badUtf8.length - 4] = (byte) 0xC3;

    assertThat(fixture.api().send("POST", Route.API + "/events", badUtf8).status()).isEqualTo(400);
    assertThat(publish("{\"a\":1,\"a\":2}").status()).isEqualTo(400);
    assertThat(publish("[".repeat(100_000)).status()).isEqualTo(400);
    assertThat(fixture.api().with("Content-Type", "text/plain").post("/events", "{}").status())
        .isEqualTo(415);
  }

  @Test
  void boundsPayloads() {
    String atLimit = '"' + "a".repeat(256 * 1024 - 2) + '"';

    assertThat(publish(atLimit).status()).isEqualTo(201);
    assertThat(publish(atLimit.replaceFirst("a", "aa")).faults())
        .containsExactly("event.payload too_large");
    assertThat(publish('"' + "a".repeat(1 << 20) + '"').status()).isEqualTo(413);
  }

  @Test
  void refusesPayloadsThatBreakTheSchema() {
    String type =
        """
        {"event_type": {"name": "strict.type", "schema": {"properties": {"lines": {"items": {"type": "integer"}}}}}}
        """;
    fixture.api().post("/event_types", type);
    String body =
        "{\"event\": {\"type\": \"strict.type\", \"payload\": {\"lines\": [1, \"2\", 3]}}}";

    Reply bad = fixture.api().post("/events", body);
    Reply good = fixture.api().post("/events", body.replace("\"2\"", "2"));

    assertThat(bad.faults()).containsExactly("event.payload.lines[1] schema_type");
    assertThat(good.status()).isEqualTo(201);
  }

  @Test
  void typeOfAnotherAccountIsUnknown() {
    Reply reply =
        fixture
            .otherAccount()
            .post("/events", "{\"event\": {\"type\": \"invoice.paid\", \"payload\": 1}}");

    assertThat(reply.faults()).containsExactly("event.type unknown_event_type");
  }

  @Test
  void eventsOfOneAccountNeverReachTheOthersWebhooks() {
    fixture.otherAccount().post("/webhooks", "{\"webhook\": {\"url\": \"https://example.com/\"}}");

    assertThat(publish("1").json().at("/event/deliveries").asInt()).isZero();
  }

  @Test
  void typeCreatedElsewhereIsUsableAtOnce() {
    assertThat(publishAs("elsewhere.type").status()).isEqualTo(422);
    insertType("elsewhere.type");

    assertThat(publishAs("elsewhere.type").status()).isEqualTo(201);
  }

  @Test
  void typeArchivedElsewhereIsNoticedWithinASecond() {
    insertType("later.type");
    publishAs("later.type");
    fixture
        .database()
        .withHandle(handle ->
            handle.execute("UPDATE event_type SET archived_at = now() WHERE name = 'later.type'"));

    assertThat(publishAs("later.type").status()).isEqualTo(201);
    fixture.catalogNanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(publishAs("later.type").faults()).containsExactly("event.type archived_event_type");
  }

  @Test
  void schemaChangedHereHoldsAtOnce() {
    publish("1");

    fixture
        .api()
        .patch(
            "/event_types/invoice.paid", "{\"event_type\": {\"schema\": {\"type\": \"object\"}}}");

    assertThat(publish("1").faults()).containsExactly("event.payload schema_type");
  }

  @Test
  void keyWithoutTheScopePublishesNothing() {
    assertThat(
            fixture
                .reader()
                .post("/events", "{\"event\": {\"type\": \"invoice.paid\", \"payload\": 1}}")
                .status())
        .isEqualTo(403);
  }

  private static void insertType(String name) {
    fixture
        .database()
        .withHandle(handle ->
            handle.execute(
                "INSERT INTO event_type (account_id, name, created_at, updated_at) VALUES (1, ?, now(), now())",
                name));
  }

  private static Reply publishAs(String type) {
    return fixture
        .api()
        .post("/events", "{\"event\": {\"type\": \"" + type + "\", \"payload\": 1}}");
  }

  private static Reply publish(String payload) {
    return fixture
        .api()
        .post("/events", "{\"event\":{\"type\":\"invoice.paid\",\"payload\":" + payload + "}}");
  }

  private static String batch(int howMany, String more) {
    return IntStream.range(0, howMany)
        .mapToObj(n -> "{\"type\": \"invoice.paid\", \"payload\": {\"n\": " + n + "}}")
        .collect(Collectors.joining(",", "{\"events\": [", more + "]}"));
  }

  private static long storedEvents() {
    return fixture.value(Long.class, "SELECT count(*) FROM event");
  }

  private static String payload(String id) {
    UUID event = IdText.parse("evt_", id).orElseThrow();
    return fixture.value(
        String.class, "SELECT convert_from(payload, 'UTF8') FROM event WHERE id = '" + event + "'");
  }
}
