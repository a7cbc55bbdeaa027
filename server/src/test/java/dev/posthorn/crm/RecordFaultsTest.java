package dev.posthorn.crm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.http.ApiClient.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with every fault named, at creation and in a patch; nothing is stored of it. */
final class RecordFaultsTest {
  @AutoClose private static final CrmFixture CRM = new CrmFixture();

  @AfterEach
  void nothingButTheValidRecordsIsThere() {
    assertThat(CRM.count("opportunity WHERE name <> 'fine'")).isZero();
    assertThat(CRM.events()).allMatch(event -> event.type().endsWith(".create"));
    assertThat((long) CRM.events().size())
        .isEqualTo(CRM.count("contact") + CRM.count("company") + CRM.count("opportunity"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "contacts|email|\"ada\"|invalid_email",
        "contacts|email|\"\"|invalid_email",
        "contacts|email|\"a@b\"|invalid_email",
        "contacts|email|\"a@b..test\"|invalid_email",
        "contacts|email|\"a@b.test, c@d.test\"|invalid_email",
        "contacts|email|\"a@b@c.test\"|invalid_email",
        "contacts|email|\"a b@c.test\"|invalid_email",
        "contacts|email|\"a@b.test\\nBcc: x@y.test\"|invalid_email",
        "contacts|email|7|wrong_type",
        "contacts|first_name|[\"Ada\"]|wrong_type",
        "contacts|first_name|\"a\\u0000b\"|invalid_characters",
        "contacts|first_name|\"\\ud800\"|invalid_characters",
        "contacts|company_id|\"1\"|wrong_type",
        "contacts|company_id|1.5|wrong_type",
        "contacts|company_id|0|out_of_range",
        "contacts|company_id|9223372036854775808|out_of_range",
        "contacts|company_id|1e99999|out_of_range",
        "contacts|company_id|999|unknown_reference",
        "contacts|assigned_to_id|999|unknown_reference",
        "contacts|linked_in_profile_url|\"javascript:alert(1)\"|invalid_url",
        "contacts|linked_in_profile_url|\"www.example.com\"|invalid_url",
        "contacts|custom_fields|[]|wrong_type",
        "contacts|custom_fields|\"{}\"|wrong_type",
        "companies|name|\" \\t\"|blank",
        "companies|name|\"\"|blank",
        "companies|name|null|required",
        "companies|website|\"ftp://example.com/\"|invalid_url",
        "companies|website|\"https:///path\"|invalid_url",
        "companies|website|\"https://user:pw@example.com/\"|invalid_url",
        "companies|website|\"https://a b/\"|invalid_url",
        "companies|website|\"https://example.com\\\\@evil.test/\"|invalid_url",
        "companies|website|\"data:text/html,x\"|invalid_url",
        "companies|website|\"https://example.com:80:80/\"|invalid_url",
        "companies|industries|\"Roads\"|wrong_type",
        "companies|industries|[\"\"]|blank",
        "companies|address|\"Main St\"|wrong_type",
        "companies|address.country|\"us\"|unknown_country",
        "companies|address.country|\"XX\"|unknown_country",
        "companies|address.city|7|wrong_type",
        "companies|address.planet|\"Mars\"|unknown_field",
        "opportunities|status|\"Won\"|unknown_value",
        "opportunities|probability|1.01|out_of_range",
        "opportunities|probability|-0.01|out_of_range",
        "opportunities|probability|\"0.5\"|wrong_type",
        "opportunities|probability|1e-999999999|out_of_range",
        "opportunities|square_feet|1e999999999|out_of_range",
        "opportunities|units|-1|out_of_range",
        "opportunities|amount|1250.5|wrong_type",
        "opportunities|amount|\"1e3\"|invalid_decimal",
        "opportunities|amount|\"1234567890123456\"|invalid_decimal",
        "opportunities|amount|\"NaN\"|invalid_decimal",
        "opportunities|currency|\"usd\"|unknown_currency",
        "opportunities|currency|\"ZZZ\"|unknown_currency",
        "opportunities|currency|\"DOLLAR\"|too_long",
        "opportunities|start_date|\"2026-02-30\"|invalid_date",
        "opportunities|start_date|\"2026-01-01T00:00:00Z\"|invalid_date",
        "opportunities|start_date|\"infinity\"|invalid_date",
        "opportunities|id|7|unknown_field",
        "opportunities|account_id|2|unknown_field",
        "opportunities|created_at|\"2026-01-01T00:00:00Z\"|unknown_field",
        "opportunities|url|\"https://example.com\"|unknown_field",
        "opportunities|company|{\"id\": 1}|unknown_field"
      })
  void aBadValueIsRefusedByName(String plural, String path, String value, String code) {
    String kind = kind(plural);
    long id = CRM.create(plural, "{\"" + kind + "\": " + valid(plural) + "}");
    String body = "{\"" + kind + "\": " + object(path, value) + "}";

    Reply created = CRM.api().post("/" + plural, body);
    Reply patched = CRM.api().patch("/" + plural + "/" + id, body);

    assertThat(created.status()).isEqualTo(422);
    assertThat(created.faults()).contains(kind + "." + path + " " + code);
    assertThat(patched.status()).isEqualTo(422);
    assertThat(patched.faults()).containsExactly(kind + "." + path + " " + code);
  }

  @ParameterizedTest
  @CsvSource({
    "contacts,email,254",
    "contacts,first_name,255",
    "contacts,mobile_phone,50",
    "contacts,linked_in_profile_url,2048",
    "companies,name,255",
    "companies,description,10000",
    "opportunities,loss_reason,1000",
    "opportunities,work_scope,10000"
  })
  void textIsTakenUpToItsLimit(String plural, String field, int longest) {
    String kind = kind(plural);
    long id = CRM.create(plural, "{\"" + kind + "\": " + valid(plural) + "}");
    String path = "/" + plural + "/" + id;
    String start =
        switch (field) {
          case "email" -> "a@b.";
          case "linked_in_profile_url" -> "https://a.test/";
          default -> "";
        };

    String text = start + "x".repeat(longest - start.length());
    Reply refused =
        CRM.api().patch(path, "{\"" + kind + "\": {\"" + field + "\": \"" + text + "x\"}}");
    Reply atCreation =
        CRM.api()
            .post(
                "/" + plural,
                "{\"" + kind + "\": {\"" + field + "\": \"" + text + "x\", \"wrong\": 1}}");

    assertThat(refused.faults()).containsExactly(kind + "." + field + " too_long");
    assertThat(atCreation.faults()).contains(kind + "." + field + " too_long");
    Reply longestTaken = CRM.api("other").post("/" + plural, withField(plural, field, text));
    assertThat(longestTaken.status()).as(longestTaken.text()).isEqualTo(201);
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    Reply reply =
        CRM.api()
            .post(
                "/opportunities",
                """
                {"opportunity": {"status": "open", "amount": 1, "probability": 2, "nmae": "x",
                 "address": {"country": "Rome"}}}
                """);

    assertThat(reply.faults())
        .containsExactlyInAnyOrder(
            "opportunity.name required",
            "opportunity.status unknown_value",
            "opportunity.amount wrong_type",
            "opportunity.probability out_of_range",
            "opportunity.address.country too_long",
            "opportunity.nmae unknown_field");
  }

  @Test
  void anEndBeforeTheStartIsRefusedEvenWhenAPatchBringsThemTogether() {
    long id =
        CRM.create(
            "opportunities",
            "{\"opportunity\": {\"name\": \"fine\", \"end_date\": \"2026-01-01\"}}");

    Reply patched =
        CRM.api()
            .patch("/opportunities/" + id, "{\"opportunity\": {\"start_date\": \"2026-01-02\"}}");
    Reply created =
        CRM.api()
            .post(
                "/opportunities",
                """
                {"opportunity": {"name": "x", "start_date": "2026-01-02", "end_date": "2026-01-01"}}
                """);

    assertThat(patched.faults()).containsExactly("opportunity.end_date before_start");
    assertThat(created.faults()).containsExactly("opportunity.end_date before_start");
  }

  @Test
  void customFieldsAreBoundedEvenWhenTheyGrowByPatches() {
    String half = "x".repeat(20_000);
    long id =
        CRM.create("contacts", "{\"contact\": {\"custom_fields\": {\"a\": \"" + half + "\"}}}");

    Reply patched =
        CRM.api()
            .patch(
                "/contacts/" + id, "{\"contact\": {\"custom_fields\": {\"b\": \"" + half + "\"}}}");

    assertThat(patched.faults()).containsExactly("contact.custom_fields too_long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"contact\": null}",
        "{\"contact\": []}",
        "{\"contact\": {}, \"x\": 1}",
        "{\"company\": {\"name\": \"x\"}}"
      })
  void aBodyWithoutItsWrapperAloneIsRefused(String body) {
    assertThat(CRM.api().post("/contacts", body).status()).isEqualTo(422);
  }

  @Test
  void keysNeedTheScope() {
    String body = "{\"company\": {\"name\": \"x\"}}";
    long id = CRM.create("companies", body);
    String path = "/companies/" + id;

    assertThat(
            List.of(
                CRM.api("reader").post("/companies", body).status(),
                CRM.api("reader").patch(path, body).status(),
                CRM.api("reader").delete(path).status(),
                CRM.api("writer").get(path).status(),
                CRM.api("writer").get("/companies").status()))
        .containsOnly(403);
    assertThat(CRM.api("reader").get(path).status()).isEqualTo(200);
  }

  private static String withField(String plural, String field, String text) {
    String name = field.equals("name") || plural.equals("contacts") ? "" : ", \"name\": \"fine\"";
    return "{\"" + kind(plural) + "\": {\"" + field + "\": \"" + text + "\"" + name + "}}";
  }

  private static String kind(String plural) {
    return switch (plural) {
      case "contacts" -> "contact";
      case "companies" -> "company";
      default -> "opportunity";
    };
  }

  private static String valid(String plural) {
    return plural.equals("contacts") ? "{}" : "{\"name\": \"fine\"}";
  }

  /** {@code address.city} becomes {@code {"address": {"city": …}}}. */
  private static String object(String path, String value) {
    int dot = path.indexOf('.');
    return dot < 0
        ? "{\"" + path + "\": " + value + "}"
        : "{\"" + path.substring(0, dot) + "\": " + object(path.substring(dot + 1), value) + "}";
  }
}
