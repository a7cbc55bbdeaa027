package dev.posthorn.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.ApiClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordListTest {
  @AutoClose private static final CrmFixture CRM = new CrmFixture();

  private static final long COMPANY =
      CRM.create("companies", "{\"company\": {\"name\": \"A & B\", \"category\": \"Builder\"}}");
  private static final long OTHER_COMPANY =
      CRM.create("companies", "{\"company\": {\"name\": \"a & b\", \"assigned_to_id\": 11}}");
  private static final long ADA =
      CRM.create(
          "contacts",
          "{\"contact\": {\"email\": \"Ada@Example.com\", \"company_id\": " + COMPANY + "}}");
  private static final long BOB =
      CRM.create(
          "contacts", "{\"contact\": {\"email\": \"bob@example.com\", \"assigned_to_id\": 11}}");
  private static final long WON =
      CRM.create(
          "opportunities",
          """
          {"opportunity": {"name": "Bridge", "status": "won", "company_id": %d, "contact_id": %d}}
          """
              .formatted(COMPANY, ADA));
  private static final long BID =
      CRM.create(
          "opportunities", "{\"opportunity\": {\"name\": \"Road\", \"stage\": \"Bid 100%\"}}");

  @Test
  void filtersByTheObviousFields() {
    assertThat(ids("/contacts?email=ADA@example.com")).containsExactly(ADA);
    assertThat(ids("/contacts?email=ada")).isEmpty();
    assertThat(ids("/contacts?company_id=" + COMPANY)).containsExactly(ADA);
    assertThat(ids("/contacts?assigned_to_id=11")).containsExactly(BOB);
    assertThat(ids("/companies?name=A%20%26%20B")).containsExactly(COMPANY);
    assertThat(ids("/companies?category=Builder")).containsExactly(COMPANY);
    assertThat(ids("/companies?assigned_to_id=11")).containsExactly(OTHER_COMPANY);
    assertThat(ids("/opportunities?status=won")).containsExactly(WON);
    assertThat(ids("/opportunities?stage=Bid%20100%25")).containsExactly(BID);
    assertThat(ids("/opportunities?name=Road")).containsExactly(BID);
    assertThat(ids("/opportunities?contact_id=" + ADA)).containsExactly(WON);
    assertThat(ids("/opportunities?company_id=" + COMPANY + "&status=active")).isEmpty();
    assertThat(ids("/opportunities?name=%27%20OR%201%3D1--")).isEmpty();
  }

  @Test
  void showsWhatARecordRefersToInListsToo() {
    JsonNode contact =
        CRM.api().get("/contacts?company_id=" + COMPANY).json().path("contacts").path(0);

    assertThat(contact).isEqualTo(CRM.api().get("/contacts/" + ADA).json().path("contact"));
    assertThat(contact.path("company").path("name").asText()).isEqualTo("A & B");
  }

  @Test
  void sortsBothWaysAndFindsWhatHasChangedSince() {
    List<Long> made =
        IntStream.range(0, 3)
            .mapToObj(
                i -> CRM.create("contacts", "{\"contact\": {\"email\": \"sort@example.com\"}}"))
            .toList();
    Reply changed =
        CRM.api().patch("/contacts/" + made.get(0), "{\"contact\": {\"job_title\": \"New\"}}");
    String since = changed.json().path("contact").path("updated_at").asText();

    String mine = "/contacts?email=sort@example.com";
    assertThat(ids(mine)).containsExactlyElementsOf(made);
    assertThat(ids(mine + "&sort=-id")).containsExactlyElementsOf(made.reversed());
    assertThat(ids(mine + "&sort=updated_at"))
        .containsExactly(made.get(1), made.get(2), made.get(0));
    assertThat(ids(mine + "&sort=-updated_at"))
        .containsExactly(made.get(0), made.get(2), made.get(1));
    assertThat(ids("/contacts?updated_since=" + since)).contains(made.get(0)).doesNotContain(ADA);
    assertThat(ids("/contacts?updated_since=2999-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void pagesLeadToEveryRecordOnce() {
    List<Long> made =
        IntStream.range(0, 7)
            .mapToObj(i -> CRM.create("companies", "{\"company\": {\"name\": \"Paged\"}}"))
            .toList();

    List<Long> seen = new ArrayList<>();
    String next = "/companies?name=Paged&per_page=3";
    while (!next.isEmpty()) {
      Reply page = CRM.api().get(next);
      seen.addAll(ids(page));
      next = next(page.header("Link"));
    }

    assertThat(seen).containsExactlyElementsOf(made);
    assertThat(CRM.api().get("/companies?name=Paged&per_page=7").header("Link")).isEmpty();
    assertThat(ids("/companies?name=Paged&per_page=3&page=9")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/contacts", "/companies", "/opportunities"})
  void anAccountSeesOnlyItsOwn(String path) {
    assertThat(ids(CRM.api("other").get(path))).isEmpty();
    assertThat(ids(path)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/contacts?email=a&email=b,email",
    "/contacts?name=x,name",
    "/contacts?account_id=2,account_id",
    "/contacts?company_id=007,company_id",
    "/contacts?company_id=,company_id",
    "/contacts?email=%00,email",
    "/contacts?updated_since=yesterday,updated_since",
    "/contacts?page=0,page",
    "/contacts?per_page=101,per_page",
    "/contacts?sort=email,sort",
    "/contacts?sort=id;DROP,sort",
    "/opportunities?status=open,status"
  })
  void aBadParameterIsRefusedByName(String path, String parameter) {
    Reply reply = CRM.api().get(path);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.faults()).hasSize(1).allMatch(fault -> fault.startsWith(parameter + " "));
  }

  @Test
  void aFilterLongerThanAnyValueIsRefused() {
    assertThat(CRM.api().get("/companies?name=" + "x".repeat(256)).faults())
        .containsExactly("name too_long");
  }

  private static List<Long> ids(String path) {
    return ids(CRM.api().get(path));
  }

  private static List<Long> ids(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    List<Long> ids = new ArrayList<>();
    reply.json().elements().next().forEach(record -> ids.add(record.path("id").asLong()));
    return ids;
  }

  /** The path behind {@code rel="next"}, as the client asks for it; empty when there is none. */
  private static String next(String link) {
    int end = link.indexOf(">; rel=\"next\"");
    if (end < 0) {
      return "";
    }
    String start = "https://posthorn.test/api/2023-01";
    return link.substring(link.lastIndexOf('<', end) + 1 + start.length(), end);
  }
}
