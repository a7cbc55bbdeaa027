package dev.posthorn.crm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiClient.Reply;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That another account's records look exactly like records that do not exist. */
final class RecordTenantsTest {
  @AutoClose private static final CrmFixture CRM = new CrmFixture();

  @ParameterizedTest
  @CsvSource({"contacts,contact", "companies,company", "opportunities,opportunity"})
  void anotherAccountsRecordIsNotFound(String plural, String kind) {
    String body =
        "{\"" + kind + "\": " + (kind.equals("contact") ? "{}" : "{\"name\": \"x\"}") + "}";
    long id = CRM.create(plural, body);
    ApiClient other = CRM.api("other");

    List<Reply> theirs = calls(other, "/" + plural + "/" + id, body);
    List<Reply> unknown = calls(other, "/" + plural + "/999999", body);

    for (int i = 0; i < theirs.size(); i++) {
      assertThat(theirs.get(i).status()).isEqualTo(404);
      assertThat(theirs.get(i).text().replace("/" + id, "/999999"))
          .isEqualTo(unknown.get(i).text());
      assertThat(headerNames(theirs.get(i))).isEqualTo(headerNames(unknown.get(i)));
    }
    assertThat(CRM.api().get("/" + plural + "/" + id).status()).isEqualTo(200);
    assertThat(CRM.events(kind, id)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"contact_id,contacts", "company_id,companies", "assigned_to_id,"})
  void anotherAccountsIdInABodyIsAnUnknownOne(String field, String plural) {
    long theirs =
        plural == null
            ? CrmFixture.MEMBER
            : CRM.create(
                plural,
                plural.equals("contacts")
                    ? "{\"contact\": {}}"
                    : "{\"company\": {\"name\": \"x\"}}");
    String body = "{\"opportunity\": {\"name\": \"x\", \"" + field + "\": %d}}";
    ApiClient other = CRM.api("other");

    Reply refused = other.post("/opportunities", body.formatted(theirs));
    Reply unknown = other.post("/opportunities", body.formatted(999_999));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.faults()).containsExactly("opportunity." + field + " unknown_reference");
    assertThat(refused.text().replace("not " + theirs, "not 999999")).isEqualTo(unknown.text());
  }

  @Test
  void eventsGoToTheWebhooksOfTheirOwnAccountAlone() {
    long mine = CRM.create("contacts", "{\"contact\": {}}");
    CRM.api("other").post("/contacts", "{\"contact\": {}}");

    assertThat(CRM.events("contact", mine)).hasSize(1);
    assertThat(
            CRM.count(
                """
                delivery d JOIN webhook w ON w.id = d.webhook_id
                WHERE w.account_id <> d.account_id
                """))
        .isZero();
    assertThat(CRM.count("delivery")).isEqualTo(CRM.count("event"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"007", "7.0", "-1", "0", "1180591620717411303424", "%207", "abc", "1%2F2"})
  void whatIsNoIdIsNotFound(String id) {
    assertThat(CRM.api().get("/contacts/" + id).status()).isEqualTo(404);
  }

  private static List<Reply> calls(ApiClient api, String path, String body) {
    return Stream.of(
            api.get(path),
            api.patch(path, body),
            api.with("If-Match", "\"x\"").patch(path, body),
            api.delete(path),
            api.with("If-Match", "\"x\"").delete(path))
        .toList();
  }

  private static List<String> headerNames(Reply reply) {
    return reply.headers().stream()
        .filter(header -> !header.name().equalsIgnoreCase("date"))
        .map(header -> header.name() + (header.name().equals("x-request-id") ? "" : header.value()))
        .filter(header -> !header.startsWith("content-length"))
        .sorted()
        .toList();
  }
}
