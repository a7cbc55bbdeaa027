package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.ApiClient.Reply;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTypeRoutesTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  @Test
  void addsATypeAndReadsItBack() {
    Reply created =
        create(
            """
            "name": "added.paid", "description": "Paid in full.",
            "schema": {"type": "object", "required": ["invoice"]}, "example": {"invoice": 4711}
            """);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo("/api/2023-01/event_types/added.paid");
    Reply read = fixture.api().get("/event_types/added.paid");
    assertThat(read.text()).isEqualTo(created.text());
    assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
    assertThat(read.json().at("/event_type/example/invoice").asInt()).isEqualTo(4711);
    assertThat(read.json().at("/event_type/built_in").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Invoice.paid",
        "invoice..paid",
        ".paid",
        "paid.",
        "a b",
        "a-b",
        "a.*",
        "ü",
        "a/b"
      })
  void refusesNames(String name) {
    assertThat(create("\"name\": \"" + name + "\"").faults())
        .containsExactly("event_type.name invalid_event_type");
  }

  @Test
  void boundsNames() {
    assertThat(create("\"name\": \"" + "a".repeat(128) + "\"").status()).isEqualTo(201);
    assertThat(create("\"name\": \"" + "a".repeat(129) + "\"").faults())
        .containsExactly("event_type.name too_long");
    assertThat(create("\"description\": \"x\"").faults())
        .containsExactly("event_type.name required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"schema\": {\"type\": \"strin\"}|event_type.schema invalid_schema",
        "\"schema\": []|event_type.schema wrong_type",
        "\"schema\": \"x\"|event_type.schema wrong_type",
        "\"schema\": {\"$ref\": \"https://example.com/\"}|event_type.schema invalid_schema",
        "\"schema\": {\"type\": \"object\"}, \"example\": 7|event_type.example schema_type",
        "\"schema\": false, \"example\": 7|event_type.example schema_",
        "\"built_in\": true|event_type.built_in unknown_field",
        "\"account_id\": 2|event_type.account_id unknown_field",
      })
  void refusesDefinitions(String fields, String fault) {
    assertThat(create("\"name\": \"refused.type\", " + fields).faults())
        .singleElement()
        .asString()
        .startsWith(fault);
    assertThat(fixture.api().get("/event_types/refused.type").status()).isEqualTo(404);
  }

  @Test
  void listsTheBuiltInOnesFirst() {
    try (ApiFixture fresh = new ApiFixture()) {
      fresh.addType("zebra");
      fresh.addType("apple");

      JsonNode all = fresh.api().get("/event_types").json().get("event_types");
      Reply second = fresh.api().get("/event_types?per_page=4&page=2");

      List<String> names =
          List.of(
              "contact.create",
              "contact.update",
              "company.create",
              "company.update",
              "opportunity.create",
              "opportunity.update",
              "apple",
              "zebra");
      assertThat(all.findValuesAsText("name")).isEqualTo(names);
      assertThat(second.json().get("event_types").findValuesAsText("name"))
          .isEqualTo(names.subList(4, 8));
      assertThat(second.header("Link")).contains("rel=\"prev\"").doesNotContain("rel=\"next\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"contact.create", "opportunity.update"})
  void builtInTypesCannotBeChanged(String name) {
    assertThat(create("\"name\": \"" + name + "\"").faults())
        .containsExactly("event_type.name built_in");
    assertThat(patch(name, "\"description\": \"mine\"").status()).isEqualTo(409);
    assertThat(fixture.api().delete("/event_types/" + name).status()).isEqualTo(409);
    assertThat(
            fixture.api().get("/event_types/" + name).json().at("/event_type/built_in").asBoolean())
        .isTrue();
  }

  @Test
  void changesWhatIsSentAndClearsWithNull() {
    create(
        "\"name\": \"changed.type\", \"description\": \"old\", \"schema\": {\"type\": \"object\"}");

    JsonNode described = patch("changed.type", "\"description\": null").json().get("event_type");
    JsonNode loose = patch("changed.type", "\"schema\": null").json().get("event_type");

    assertThat(described.get("description").isNull()).isTrue();
    assertThat(described.at("/schema/type").asText()).isEqualTo("object");
    assertThat(loose.get("schema").isNull()).isTrue();
  }

  @Test
  void exampleMustFitTheSchemaAfterAChangeToo() {
    create("\"name\": \"example.type\", \"example\": 7");

    assertThat(patch("example.type", "\"schema\": {\"type\": \"object\"}").faults())
        .containsExactly("event_type.example schema_type");
    assertThat(
            patch("example.type", "\"schema\": {\"type\": \"object\"}, \"example\": {}").status())
        .isEqualTo(200);
    assertThat(patch("example.type", "\"name\": \"other\"").faults())
        .containsExactly("event_type.name unknown_field");
  }

  @Test
  void changesOnlyTheVersionThatWasSeen() {
    fixture.addType("seen.type");
    String tag = fixture.api().get("/event_types/seen.type").header("ETag");
    patch("seen.type", "\"description\": \"newer\"");

    assertThat(fixture.api().with("If-Match", tag).delete("/event_types/seen.type").status())
        .isEqualTo(412);
  }

  @Test
  void deletesATypeThatNobodyUses() {
    fixture.addType("unused.type");

    assertThat(fixture.api().delete("/event_types/unused.type").status()).isEqualTo(204);

    assertThat(fixture.api().get("/event_types/unused.type").status()).isEqualTo(404);
    assertThat(fixture.api().delete("/event_types/unused.type").status()).isEqualTo(404);
  }

  @Test
  void archivesATypeThatAWebhookNames() {
    fixture.addType("named.type");
    fixture.addWebhook(", \"filter_types\": [\"named.type\"]");

    fixture.api().delete("/event_types/named.type");

    assertArchived("named.type");
  }

  @Test
  void archivesATypeThatHasEvents() {
    fixture.addType("happened.type");
    publish("happened.type");

    fixture.api().delete("/event_types/happened.type");

    assertArchived("happened.type");
  }

  @Test
  void archivedTypeComesBackWhenItIsCreatedAnew() {
    fixture.addType("back.type");
    publish("back.type");
    fixture.api().delete("/event_types/back.type");
    assertThat(publish("back.type").faults()).containsExactly("event.type archived_event_type");

    assertThat(create("\"name\": \"back.type\", \"description\": \"anew\"").status())
        .isEqualTo(201);

    assertThat(publish("back.type").status()).isEqualTo(201);
  }

  @Test
  void onlyOneOfManyCreatesTheSameType() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> creation = () -> create("\"name\": \"raced.type\"").status();
      List<Integer> statuses =
          threads.invokeAll(Collections.nCopies(20, creation)).stream()
              .map(Future::resultNow)
              .toList();

      assertThat(statuses).containsOnlyOnce(201);
      assertThat(statuses.stream().filter(status -> status == 409)).hasSize(19);
    }
  }

  @Test
  void anotherAccountsTypeLooksUnknown() {
    fixture.addType("private.type");

    assertThat(fixture.otherAccount().get("/event_types/private.type").status()).isEqualTo(404);
    assertThat(fixture.otherAccount().delete("/event_types/private.type").status()).isEqualTo(404);
    assertThat(
            fixture
                .otherAccount()
                .patch("/event_types/private.type", "{\"event_type\": {\"description\": \"x\"}}")
                .status())
        .isEqualTo(404);
    assertThat(fixture.otherAccount().get("/event_types").text()).doesNotContain("private.type");
  }

  private static void assertArchived(String name) {
    JsonNode type = fixture.api().get("/event_types/" + name).json().get("event_type");
    assertThat(type.get("archived_at").isNull()).isFalse();
    assertThat(fixture.api().get("/event_types").text()).doesNotContain(name);
    assertThat(fixture.api().get("/event_types?archived=true").text()).contains(name);
    assertThat(patch(name, "\"description\": \"x\"").status()).isEqualTo(409);
    assertThat(publish(name).faults()).containsExactly("event.type archived_event_type");
    String webhook =
        "{\"webhook\": {\"url\": \"https://example.com/\", \"filter_types\": [\"" + name + "\"]}}";
    assertThat(fixture.api().post("/webhooks", webhook).faults())
        .containsExactly("webhook.filter_types[0] unknown_event_type");
  }

  private static Reply publish(String type) {
    return fixture
        .api()
        .post("/events", "{\"event\": {\"type\": \"" + type + "\", \"payload\": {}}}");
  }

  private static Reply create(String fields) {
    return fixture.api().post("/event_types", "{\"event_type\": {" + fields + "}}");
  }

  private static Reply patch(String name, String fields) {
    return fixture.api().patch("/event_types/" + name, "{\"event_type\": {" + fields + "}}");
  }
}
