package dev.posthorn.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.event.ApiFixture;
import dev.posthorn.http.ApiClient.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookCreationTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  private static final String GUIDE =
      """
      {
      "webhook": {
      "url": "https://example.com/webhook",
      "description": "Webhook for example.com",
      "filter_types": [
      "opportunity.create"
      ],
      "secret": "secret",
      "rate_limit": 100
      }
      }
      """;

  @Test
  void takesTheGuidesBody() {
    Reply reply = fixture.api().post("/webhooks", GUIDE);

    assertThat(reply.status()).isEqualTo(201);
    JsonNode webhook = reply.json().get("webhook");
    assertThat(reply.header("Location"))
        .isEqualTo("/api/2023-01/webhooks/" + webhook.get("id").asText());
    assertThat(webhook.get("url").asText()).isEqualTo("https://example.com/webhook");
    assertThat(webhook.get("version").asInt()).isEqualTo(1);
    assertThat(webhook.get("description").asText()).isEqualTo("Webhook for example.com");
    assertThat(webhook.get("filter_types").toString()).isEqualTo("[\"opportunity.create\"]");
    assertThat(webhook.get("secret").asText()).isEqualTo("secret");
    assertThat(webhook.get("rate_limit").asInt()).isEqualTo(100);
    assertThat(webhook.get("enabled").asBoolean()).isTrue();
    assertThat(webhook.get("disabled_reason").isNull()).isTrue();
    assertThat(webhook.at("/warnings/0/code").asText()).isEqualTo("unusual_secret");
  }

  @Test
  void readsBackWithoutItsSecret() {
    Reply created = fixture.api().post("/webhooks", GUIDE);
    String id = created.json().at("/webhook/id").asText();

    Reply read = fixture.api().get("/webhooks/" + id);

    assertThat(read.status()).isEqualTo(200);
    assertThat(read.json().get("webhook").has("secret")).isFalse();
    assertThat(read.json().at("/webhook/secret_hint").asText()).isEqualTo("…");
    assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
  }

  @Test
  void usesDefaultsForWhatIsLeftOutOrNull() {
    String nulls =
        """
        {"webhook": {"url": "https://example.com/", "description": null, "filter_types": null,
          "secret": null, "rate_limit": null, "headers": null, "enabled": null}}
        """;
    for (String body : new String[] {"{\"webhook\": {\"url\": \"https://example.com\"}}", nulls}) {
      JsonNode webhook = fixture.api().post("/webhooks", body).json().get("webhook");

      assertThat(webhook.get("url").asText()).isEqualTo("https://example.com/");
      assertThat(webhook.get("filter_types").isNull()).isTrue();
      assertThat(webhook.get("rate_limit").asInt()).isEqualTo(60);
      assertThat(webhook.get("enabled").asBoolean()).isTrue();
      assertThat(webhook.get("secret").asText()).matches("whsec_[A-Za-z0-9+/]{43}=");
      assertThat(webhook.get("warnings")).isEmpty();
    }
  }

  @Test
  void disabledOneCollectsForSevenDays() {
    String id = fixture.addWebhook(", \"enabled\": false");

    assertThat(fixture.api().get("/webhooks/" + id).json().at("/webhook/disabled_reason").asText())
        .isEqualTo("by_hand");
    assertThat(
            fixture.value(
                Boolean.class,
                "SELECT collect_until = disabled_at + interval '7 days' FROM webhook WHERE public_id = '"
                    + id
                    + "'"))
        .isTrue();
  }

  @Test
  void keepsSecretAndHeadersSealed() {
    String id =
        fixture.addWebhook(
            ", \"secret\": \"plain-secret-text\", \"headers\": {\"X-Token\": \"plain-token\"}");

    String row =
        fixture.value(
            String.class,
            "SELECT encode(secret || headers, 'escape') || webhook::text FROM webhook WHERE public_id = '"
                + id
                + "'");
    assertThat(row).doesNotContain("plain-secret-text").doesNotContain("plain-token");
    Webhook stored =
        fixture
            .database()
            .withHandle(handle -> Webhooks.findPublic(handle, 1, UUID.fromString(id)))
            .orElseThrow();
    assertThat(fixture.secrets.headers(stored)).isEqualTo(Map.of("X-Token", "plain-token"));
    assertThat(fixture.secrets.current(stored).text()).isEqualTo("plain-secret-text");
  }

  @Test
  void masksHeaderValuesAndRefusesTheMaskAsValue() {
    String id = fixture.addWebhook(", \"headers\": {\"X-Token\": \"plain-token\"}");

    JsonNode headers = fixture.api().get("/webhooks/" + id).json().at("/webhook/headers");
    Reply echoed =
        fixture.api().patch("/webhooks/" + id, "{\"webhook\": {\"headers\": " + headers + "}}");

    assertThat(headers.get("X-Token").asText()).isEqualTo("••••••");
    assertThat(echoed.faults()).containsExactly("webhook.headers.X-Token invalid_header_value");
  }

  @Test
  void acceptsPatternsThatMatchATypeOfTheAccount() {
    fixture.addType("invoice_x.paid");

    Reply reply = create("\"filter_types\": [\"invoice_x.*\", \"contact.*\", \"company.create\"]");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(
            fixture.value(
                String.class,
                "SELECT array_to_string(filter_patterns, ' ') FROM webhook WHERE public_id = '"
                    + reply.json().at("/webhook/id").asText()
                    + "'"))
        .isEqualTo("invoice\\_x.% contact.% company.create");
    String other =
        "{\"webhook\": {\"url\": \"https://example.com/\", \"filter_types\": [\"invoice_x.*\"]}}";
    assertThat(fixture.otherAccount().post("/webhooks", other).faults())
        .containsExactly("webhook.filter_types[0] unknown_event_type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|webhook.filter_types empty",
        "\"contact.create\"|webhook.filter_types wrong_type",
        "{}|webhook.filter_types wrong_type",
        "[\"contact.create\", \"contact.create\"]|webhook.filter_types[1] repeated",
        "[\"contact.create\", \"Contact.Create\"]|webhook.filter_types[1] invalid_event_type",
        "[\"contact.delete\"]|webhook.filter_types[0] unknown_event_type",
        "[\"contact\"]|webhook.filter_types[0] unknown_event_type",
        "[\"contac.*\"]|webhook.filter_types[0] unknown_event_type",
        "[\"contact.create.*\"]|webhook.filter_types[0] unknown_event_type",
        "[\"*\"]|webhook.filter_types[0] invalid_event_type",
        "[\"contact.%\"]|webhook.filter_types[0] invalid_event_type",
        "[\"con*.create\"]|webhook.filter_types[0] invalid_event_type",
        "[[\"contact.create\"]]|webhook.filter_types[0] wrong_type",
        "[null]|webhook.filter_types[0] wrong_type",
        "[1]|webhook.filter_types[0] wrong_type",
      })
  void namesTheFilterTypeThatIsWrong(String types, String fault) {
    assertThat(create("\"filter_types\": " + types).faults()).containsExactly(fault);
  }

  @Test
  void boundsTheNumberOfFilterTypes() {
    String types =
        IntStream.range(0, 10_000)
            .mapToObj(at -> "\"t" + at + "\"")
            .collect(Collectors.joining(","));

    assertThat(create("\"filter_types\": [" + types + "]").faults())
        .containsExactly("webhook.filter_types too_many_items");
  }

  @ParameterizedTest
  @CsvSource({
    "0,out_of_range",
    "-1,out_of_range",
    "1.5,wrong_type",
    "\"100\",wrong_type",
    "2147483648,out_of_range",
    "9223372036854775808,out_of_range",
    "1000001,out_of_range",
    "1e999999999,out_of_range",
    "true,wrong_type",
    "[],wrong_type"
  })
  void refusesRateLimits(String limit, String code) {
    assertThat(create("\"rate_limit\": " + limit).faults())
        .containsExactly("webhook.rate_limit " + code);
  }

  @Test
  void keepsTheOperatorsCeiling() {
    try (ApiFixture strict = new ApiFixture(new WebhookSettings(30, Duration.ofDays(7)))) {
      String id = strict.addWebhook("");
      String tooFast = "{\"webhook\": {\"url\": \"https://example.com/\", \"rate_limit\": 31}}";

      assertThat(strict.api().get("/webhooks/" + id).json().at("/webhook/rate_limit").asInt())
          .isEqualTo(30);
      assertThat(strict.api().post("/webhooks", tooFast).faults())
          .containsExactly("webhook.rate_limit out_of_range");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "\"\",too_short",
    "\"a\\nb\",control_character",
    "1,wrong_type",
    "[\"x\"],wrong_type",
  })
  void refusesSecrets(String secret, String code) {
    assertThat(create("\"secret\": " + secret).faults()).containsExactly("webhook.secret " + code);
  }

  @Test
  void neverRepeatsASecretThatItRefuses() {
    Reply tooLong = create("\"secret\": \"" + "hunter2-".repeat(65) + "\"");

    assertThat(tooLong.faults()).containsExactly("webhook.secret too_long");
    assertThat(tooLong.text()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_", "whsec_AAAA", "pässword", "your-webhook-secret", "💥"})
  void takesAnyOtherSecretWithAWarning(String secret) {
    Reply reply = create("\"secret\": \"" + secret + "\"");

    assertThat(reply.json().at("/webhook/secret").asText()).isEqualTo(secret);
    assertThat(reply.json().at("/webhook/warnings/0/code").asText()).isEqualTo("unusual_secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "webhook-id|x|reserved_header",
        "Webhook-Signature|x|reserved_header",
        "SVIX-id|x|reserved_header",
        "Host|x|reserved_header",
        "Content-Length|1|reserved_header",
        "content-type|x|reserved_header",
        "User-Agent|x|reserved_header",
        "Transfer-Encoding|chunked|reserved_header",
        "Connection|close|reserved_header",
        "Cookie|a=b|reserved_header",
        "X Y|x|invalid_header_name",
        "X:Y|x|invalid_header_name",
        "X-Ü|x|invalid_header_name",
        "X-A|a\\r\\nHost: b|invalid_header_value",
        "X-A|a\\nb|invalid_header_value",
        "X-A|ä|invalid_header_value",
        "X-A|a\\u007f|invalid_header_value",
        "X-A|' a'|invalid_header_value",
      })
  void refusesHeaders(String name, String value, String code) {
    Reply reply = create("\"headers\": {\"" + name + "\": \"" + value + "\"}");

    assertThat(reply.faults()).containsExactly("webhook.headers." + name + " " + code);
  }

  @Test
  void boundsHeaders() {
    String many =
        IntStream.range(0, 21)
            .mapToObj(at -> "\"X-" + at + "\": \"v\"")
            .collect(Collectors.joining(","));

    assertThat(create("\"headers\": {\"X-A\": \"" + "a".repeat(4097) + "\"}").faults())
        .containsExactly("webhook.headers.X-A too_long");
    assertThat(create("\"headers\": {\"X-A\": \"" + "a".repeat(4096) + "\"}").status())
        .isEqualTo(201);
    assertThat(create("\"headers\": {" + many + "}").faults())
        .containsExactly("webhook.headers too_many_items");
    assertThat(create("\"headers\": {\"X-A\": \"1\", \"x-a\": \"2\"}").faults())
        .containsExactly("webhook.headers.x-a repeated");
    assertThat(create("\"headers\": {\"X-A\": 1}").faults())
        .containsExactly("webhook.headers.X-A wrong_type");
    assertThat(create("\"headers\": []").faults()).containsExactly("webhook.headers wrong_type");
  }

  @Test
  void namesEveryFaultAtOnce() {
    String body =
        """
        {"webhook": {"url": "ftp://example.com/", "rate_limit": 0, "secret": "", "filter_types": [],
          "enabled": "yes", "description": 7, "headers": {"Host": "x"}}}
        """;

    assertThat(fixture.api().post("/webhooks", body).faults())
        .containsExactlyInAnyOrder(
            "webhook.url unsupported_scheme",
            "webhook.rate_limit out_of_range",
            "webhook.secret too_short",
            "webhook.filter_types empty",
            "webhook.enabled wrong_type",
            "webhook.description wrong_type",
            "webhook.headers.Host reserved_header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"account_id", "id", "version", "created_at", "updated_at", "secret_hint"})
  void refusesWhatOnlyWeSet(String field) {
    assertThat(create("\"" + field + "\": 1").faults())
        .containsExactly("webhook." + field + " unknown_field");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"webhook\": null}", "{\"webhook\": []}", "[]", "{\"webhook\": {}}"})
  void refusesBodiesWithoutAWebhook(String body) {
    assertThat(fixture.api().post("/webhooks", body).status()).isEqualTo(422);
  }

  private static Reply create(String fields) {
    return fixture
        .api()
        .post("/webhooks", "{\"webhook\": {\"url\": \"https://example.com/\", " + fields + "}}");
  }
}
