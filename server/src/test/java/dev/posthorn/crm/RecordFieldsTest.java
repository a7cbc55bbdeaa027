package dev.posthorn.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.ApiClient.Reply;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class RecordFieldsTest {
  @AutoClose private static final CrmFixture CRM = new CrmFixture();

  private static final String ADDRESS =
      """
      {"street_address": "1 Main St", "street_address2": "Floor 2", "city": "Springfield",
       "state": "IL", "zip": "62701", "country": "US"}
      """;

  @Test
  void aContactKeepsEveryFieldAndShowsWhatFollowsFromThem() {
    long company =
        CRM.create("companies", "{\"company\": {\"name\": \"A\", \"website\": \"http://a.test\"}}");
    String sent =
        """
        {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace <b>",
         "company_id": %d, "job_title": "Engineer \\u2014 \\ud83d\\ude80", "mobile_phone": "+1 555 1",
         "office_phone": "+1 555 2", "linked_in_profile_url": "https://linkedin.test/in/ada?a=b",
         "assigned_to_id": 11,
         "custom_fields": {"z": 1.50, "a": [null, true, {"deep": "er"}], "huge": 1e400}}
        """
            .formatted(company);

    Reply created = CRM.api().post("/contacts", "{\"contact\": " + sent + "}");

    assertThat(created.status()).isEqualTo(201);
    JsonNode contact = created.json().path("contact");
    assertShows(contact, sent);
    assertThat(contact.path("name").asText()).isEqualTo("Ada Lovelace <b>");
    assertThat(contact.path("company"))
        .isEqualTo(
            json("{\"id\": " + company + ", \"name\": \"A\", \"website\": \"http://a.test\"}"));
    assertThat(contact.path("assigned_to"))
        .isEqualTo(json("{\"id\": 11, \"email\": \"member11@example.com\"}"));
    assertThat(created.text()).contains("\"custom_fields\":{\"z\":1.50,\"a\"").contains("1E+400");
    assertReadsBackAs("contact", "contacts", created);
  }

  @Test
  void aCompanyKeepsEveryField() {
    String sent =
        """
        {"name": "Müller Bau", "category": "Builder", "description": "Line 1\\nLine 2",
         "phone": "+49 30 1", "website": "https://müller-bau.test:8443/über", "address": %s,
         "industries": ["Roads", "Bridges", "Quotes \\" , {}"], "assigned_to_id": 11,
         "custom_fields": {"tier": 1}}
        """
            .formatted(ADDRESS);

    Reply created = CRM.api().post("/companies", "{\"company\": " + sent + "}");

    assertThat(created.status()).isEqualTo(201);
    assertShows(created.json().path("company"), sent);
    assertReadsBackAs("company", "companies", created);
  }

  @Test
  void anOpportunityKeepsEveryFieldAndShowsWhatFollowsFromThem() {
    long company = CRM.create("companies", "{\"company\": {\"name\": \"Owner\"}}");
    long contact =
        CRM.create("contacts", "{\"contact\": {\"first_name\": \"Ada\", \"email\": \"a@b.test\"}}");
    String sent =
        """
        {"name": "Bridge", "company_id": %d, "contact_id": %d, "stage": "Bid", "status": "won",
         "close_type": "negotiated", "loss_reason": "none", "probability": 0.25,
         "amount": "1250.50", "currency": "EUR", "award_date": "2026-01-01",
         "bid_due_date": "2026-02-28", "start_date": "2026-03-01", "end_date": "2026-04-01",
         "description": "Long", "square_feet": 1e3, "units": 3, "address": %s,
         "project_number": "007", "assigned_to_id": 11, "market_sector": "Public",
         "delivery_method": "Design-build", "lead_source": "Web", "work_scope": "All",
         "custom_fields": {"a": "b"}}
        """
            .formatted(company, contact, ADDRESS);

    Reply created = CRM.api().post("/opportunities", "{\"opportunity\": " + sent + "}");

    assertThat(created.status()).isEqualTo(201);
    JsonNode opportunity = created.json().path("opportunity");
    assertShows(opportunity, sent.replace("1e3", "1000"));
    assertThat(opportunity.path("project_duration").asInt()).isEqualTo(31);
    assertThat(opportunity.path("price_per_square_foot").asText()).isEqualTo("1.25");
    assertThat(opportunity.path("price_per_unit").asText()).isEqualTo("416.83");
    assertThat(opportunity.path("company"))
        .isEqualTo(json("{\"id\": " + company + ", \"name\": \"Owner\", \"website\": null}"));
    assertThat(opportunity.path("contact"))
        .isEqualTo(json("{\"id\": " + contact + ", \"name\": \"Ada\", \"email\": \"a@b.test\"}"));
    assertReadsBackAs("opportunity", "opportunities", created);
  }

  @Test
  void whatIsLeftOutOrNullAtCreationIsAbsentOrItsDefault() {
    Reply bare = CRM.api().post("/opportunities", "{\"opportunity\": {\"name\": \"Bare\"}}");
    Reply nulls =
        CRM.api()
            .post(
                "/opportunities",
                """
                {"opportunity": {"name": "Bare", "status": null, "amount": null, "address": null,
                 "company_id": null, "custom_fields": null, "start_date": null}}
                """);

    for (Reply reply : List.of(bare, nulls)) {
      JsonNode opportunity = reply.json().path("opportunity");
      assertThat(opportunity.path("status").asText()).isEqualTo("active");
      assertThat(opportunity.path("custom_fields")).isEqualTo(json("{}"));
      for (String name :
          List.of(
              "amount", "address", "company_id", "company", "project_duration", "assigned_to")) {
        assertThat(opportunity.path(name).isNull()).as(name).isTrue();
      }
    }
  }

  @Test
  void aPriceNeedsSomethingToDivideBy() {
    long id =
        CRM.create(
            "opportunities",
            "{\"opportunity\": {\"name\": \"x\", \"amount\": \"10\", \"units\": 0}}");

    JsonNode opportunity = CRM.api().get("/opportunities/" + id).json().path("opportunity");

    assertThat(opportunity.path("price_per_unit").isNull()).isTrue();
    assertThat(opportunity.path("price_per_square_foot").isNull()).isTrue();
  }

  @Test
  void aPatchKeepsWhatItLeavesOutAndClearsWhatIsNull() {
    long id =
        CRM.create(
            "opportunities",
            """
            {"opportunity": {"name": "Before", "stage": "Bid", "status": "won", "amount": "5.00",
             "award_date": "2026-01-01", "probability": 1}}
            """);

    Reply patched =
        CRM.api()
            .patch(
                "/opportunities/" + id,
                """
                {"opportunity": {"name": "After", "stage": null, "status": null,
                 "award_date": "2026-01-02"}}
                """);

    assertThat(patched.status()).isEqualTo(200);
    assertShows(
        patched.json().path("opportunity"),
        """
        {"name": "After", "stage": null, "status": "active", "amount": "5.00",
         "award_date": "2026-01-02", "probability": 1}
        """);
    assertReadsBackAs("opportunity", "opportunities", patched);
  }

  @Test
  void aPatchMergesIntoObjects() {
    long id =
        CRM.create(
            "companies",
            """
            {"company": {"name": "x", "address": {"city": "Rome", "zip": "1"}, "industries": ["a"],
             "custom_fields": {"keep": 1, "drop": 2, "deep": {"a": 1, "b": 2}, "gone": null}}}
            """);

    Reply patched =
        CRM.api()
            .patch(
                "/companies/" + id,
                """
                {"company": {"address": {"zip": null, "country": "IT"}, "industries": null,
                 "custom_fields": {"drop": null, "new": [null], "deep": {"b": null, "c": 3}}}}
                """);

    assertShows(
        patched.json().path("company"),
        """
        {"address": {"street_address": null, "street_address2": null, "city": "Rome",
          "state": null, "zip": null, "country": "IT"}, "industries": [],
         "custom_fields": {"keep": 1, "new": [null], "deep": {"a": 1, "c": 3}}}
        """);
    Reply cleared =
        CRM.api()
            .patch(
                "/companies/" + id,
                """
                {"company": {"address": {"city": null, "country": null}, "custom_fields": null}}
                """);
    assertShows(cleared.json().path("company"), "{\"address\": null, \"custom_fields\": {}}");
  }

  @Test
  void changesAreMadeOnlyToWhatTheClientHasSeen() {
    Reply created = CRM.api().post("/companies", "{\"company\": {\"name\": \"One\"}}");
    String path = "/companies/" + created.json().path("company").path("id");
    String seen = created.header("ETag");
    assertThat(CRM.api().with("If-None-Match", seen).get(path).status()).isEqualTo(304);

    Reply first =
        CRM.api().with("If-Match", seen).patch(path, "{\"company\": {\"name\": \"Two\"}}");
    Reply second =
        CRM.api().with("If-Match", seen).patch(path, "{\"company\": {\"name\": \"Three\"}}");
    Reply deleted = CRM.api().with("If-Match", seen).delete(path);

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(412);
    assertThat(deleted.status()).isEqualTo(412);
    assertThat(CRM.api().get(path).json().path("company").path("name").asText()).isEqualTo("Two");
    assertThat(CRM.api().with("If-Match", first.header("ETag")).delete(path).status())
        .isEqualTo(204);
    assertThat(CRM.api().get(path).status()).isEqualTo(404);
  }

  private static void assertShows(JsonNode shown, String sent) {
    json(sent)
        .properties()
        .forEach(field ->
            assertThat(shown.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
  }

  private static void assertReadsBackAs(String kind, String plural, Reply written) {
    JsonNode record = written.json().path(kind);
    String path = "/" + plural + "/" + record.path("id").asLong();
    Reply read = CRM.api().get(path);
    assertThat(read.text()).isEqualTo(written.text());
    assertThat(read.header("ETag")).isEqualTo(written.header("ETag")).isNotEmpty();
    assertThat(record.path("url").asText()).isEqualTo("https://posthorn.test" + path);
    if (written.status() == 201) {
      assertThat(written.header("Location")).isEqualTo("/api/2023-01" + path);
      assertThat(record.path("updated_at")).isEqualTo(record.path("created_at"));
    } else {
      assertThat(record.path("updated_at").asText())
          .isGreaterThan(record.path("created_at").asText());
    }
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
