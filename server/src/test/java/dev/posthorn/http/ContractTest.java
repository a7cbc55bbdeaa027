package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The judge of every other API test: it must notice what it is there to notice. */
class ContractTest {
  private static final ObjectNode TYPE =
      Json.object()
          .put("name", "invoice.paid")
          .putNull("description")
          .putNull("schema")
          .putNull("example")
          .put("built_in", false)
          .putNull("archived_at")
          .put("created_at", "2026-11-23T17:00:00.000000Z")
          .put("updated_at", "2026-11-23T17:00:00.000000Z");

  private static final String CREATE = "{\"event_type\":{\"name\":\"invoice.paid\"}}";

  private volatile Answer answer = answer();

  @AutoClose
  private final ApiServer server =
      TestServer.start(
          new OpenApiRoutes(),
          () ->
              List.of(
                  Route.post("/event_types", Scope.WEBHOOKS_WRITE, call -> answer),
                  Route.get("/undocumented", Scope.WEBHOOKS_READ, call -> answer)));

  private final ApiClient api = ApiClient.on(server.port(), TestServer.FULL);

  private static Answer answer() {
    return Answer.created(Route.API + "/event_types/invoice.paid", "event_type", TYPE);
  }

  @Test
  void takesWhatIsAsDescribed() {
    assertThat(api.post("/event_types", CREATE).status()).isEqualTo(201);
    assertThat(api.get("/nowhere").status()).isEqualTo(404);
    assertThat(api.send("PUT", Route.API + "/contacts", null).status()).isEqualTo(404);
    assertThat(ApiClient.anonymous(server.port()).post("/event_types", CREATE).status())
        .isEqualTo(401);
  }

  @Test
  void servesTheDescriptionInBothForms() {
    ApiClient anyone = ApiClient.anonymous(server.port());

    ApiClient.Reply yaml = anyone.send("GET", "/openapi.yaml", null);
    ApiClient.Reply json = anyone.send("GET", "/openapi.json", null);

    assertThat(yaml.text()).isEqualTo(Contract.source());
    assertThat(json.json().get("openapi").asText()).isEqualTo("3.1.0");
    assertThat(json.json().at("/paths/~1openapi.json/get/operationId").asText())
        .isEqualTo("getOpenApiJson");
  }

  @Test
  void noticesAnUndocumentedStatus() {
    answer = answer().withStatus(202);

    assertThatThrownBy(() -> api.post("/event_types", CREATE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("202");
  }

  @Test
  void noticesAnUndocumentedContentType() {
    answer = new Answer(201, "text/html", new byte[] {'x'}, answer().headers());

    assertThatThrownBy(() -> api.post("/event_types", CREATE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("text/html");
  }

  @Test
  void noticesAFieldTooManyTooFewOrWrong() {
    for (ObjectNode wrong :
        List.of(
            TYPE.deepCopy().put("more", 1),
            TYPE.deepCopy().without("built_in"),
            TYPE.deepCopy().put("name", "Not A Name"),
            TYPE.deepCopy().put("created_at", "yesterday"),
            TYPE.deepCopy().put("description", 7))) {
      answer = Answer.created("/x", "event_type", wrong);

      assertThatThrownBy(() -> api.post("/event_types", CREATE))
          .as("%s", wrong)
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void noticesAMissingHeader() {
    answer = Answer.object("event_type", TYPE).withStatus(201);

    assertThatThrownBy(() -> api.post("/event_types", CREATE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Location");
  }

  @Test
  void noticesABadRequestThatIsAccepted() {
    for (String wrong :
        List.of(
            "{}", "{\"event_type\":{\"name\":\"a\",\"id\":1}}", "{\"event_type\":{\"name\":7}}")) {
      assertThatThrownBy(() -> api.post("/event_types", wrong))
          .as(wrong)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("accepted");
    }
  }

  @Test
  void noticesAPathThatIsNotDescribed() {
    assertThatThrownBy(() -> api.get("/undocumented"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not described");
  }

  @Test
  void noticesAProblemThatIsNone() {
    answer =
        new Answer(
            422,
            "application/problem+json",
            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            List.of());

    assertThatThrownBy(() -> api.post("/event_types", CREATE)).isInstanceOf(AssertionError.class);
  }
}
