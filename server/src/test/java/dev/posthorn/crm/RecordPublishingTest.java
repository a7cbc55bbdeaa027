package dev.posthorn.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.crm.CrmFixture.StoredEvent;
import dev.posthorn.http.ApiClient.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** That a record and its event are one: both stored or none, and each change told once. */
final class RecordPublishingTest {
  @AutoClose private final CrmFixture crm = new CrmFixture();

  @Test
  void aCreateIsPublishedWithExactlyTheGuidesPayload() {
    long contact = crm.create("contacts", "{\"contact\": {}}");
    long company = crm.create("companies", "{\"company\": {\"name\": \"x\"}}");
    long opportunity = crm.create("opportunities", "{\"opportunity\": {\"name\": \"x\"}}");

    assertThat(crm.events())
        .containsExactly(
            event("contact.create", contact, "contacts"),
            event("company.create", company, "companies"),
            event("opportunity.create", opportunity, "opportunities"));
    assertThat(crm.handover.events())
        .extracting(one -> one.event().recordId())
        .containsExactly(contact, company, opportunity);
    assertThat(crm.handover.events()).allSatisfy(one -> assertThat(one.webhookIds()).hasSize(1));
  }

  @Test
  void anUpdateIsPublishedOnce() {
    long id = crm.create("opportunities", "{\"opportunity\": {\"name\": \"x\"}}");

    crm.api().patch("/opportunities/" + id, "{\"opportunity\": {\"stage\": \"Bid\"}}");

    assertThat(crm.events())
        .containsExactly(
            event("opportunity.create", id, "opportunities"),
            event("opportunity.update", id, "opportunities"));
    assertThat(crm.handover.events()).hasSize(2);
  }

  @Test
  void anUpdateThatChangesNothingIsNeitherWrittenNorPublished() {
    Reply created =
        crm.api()
            .post(
                "/opportunities",
                """
                {"opportunity": {"name": "x", "amount": "5.00", "probability": 0.5,
                 "address": {"city": "Rome"}, "custom_fields": {"a": 1, "b": [1]},
                 "start_date": "2026-01-01", "assigned_to_id": 11}}
                """);
    JsonNode before = created.json().path("opportunity");
    String path = "/opportunities/" + before.path("id");
    String row = rowVersion(before.path("id").asLong());

    for (String patch :
        List.of(
            "{}",
            """
            {"name": "x", "amount": "5.0", "probability": 0.50, "stage": null, "status": null,
             "address": {"city": "Rome", "zip": null}, "custom_fields": {"b": [1], "c": null},
             "start_date": "2026-01-01", "assigned_to_id": 11}
            """)) {
      Reply patched = crm.api().patch(path, "{\"opportunity\": " + patch + "}");

      assertThat(patched.status()).isEqualTo(200);
      assertThat(patched.text()).isEqualTo(created.text());
    }
    assertThat(rowVersion(before.path("id").asLong())).isEqualTo(row);
    assertThat(crm.events()).hasSize(1);
    assertThat(crm.count("delivery")).isEqualTo(1);
    assertThat(crm.handover.events()).hasSize(1);
  }

  @Test
  void aDeletePublishesNothingAndReferringRecordsLoseTheReference() {
    long company = crm.create("companies", "{\"company\": {\"name\": \"x\"}}");
    long contact = crm.create("contacts", "{\"contact\": {\"company_id\": " + company + "}}");
    long opportunity =
        crm.create(
            "opportunities",
            "{\"opportunity\": {\"name\": \"x\", \"company_id\": %d, \"contact_id\": %d}}"
                .formatted(company, contact));
    String updated = shown("contacts", "contact", contact).path("updated_at").asText();

    assertThat(crm.api().delete("/companies/" + company).status()).isEqualTo(204);

    JsonNode left = shown("contacts", "contact", contact);
    assertThat(left.path("company_id").isNull()).isTrue();
    assertThat(left.path("company").isNull()).isTrue();
    assertThat(left.path("updated_at").asText()).isEqualTo(updated);
    assertThat(crm.api().delete("/contacts/" + contact).status()).isEqualTo(204);
    JsonNode last = shown("opportunities", "opportunity", opportunity);
    assertThat(last.path("company_id").isNull()).isTrue();
    assertThat(last.path("contact_id").isNull()).isTrue();
    assertThat(crm.events()).hasSize(3).allMatch(event -> event.type().endsWith(".create"));
    assertThat(crm.api().delete("/companies/" + company).status()).isEqualTo(404);
  }

  @Test
  void twoHundredCallersAtOnceMakeTwoHundredRecordsAndEvents() {
    List<Reply> replies =
        together(
            200,
            i ->
                () ->
                    crm.api()
                        .post(
                            "/opportunities",
                            "{\"opportunity\": {\"name\": \"number " + i + "\"}}"));

    assertThat(replies).allMatch(reply -> reply.status() == 201);
    Set<Long> ids =
        replies.stream()
            .map(reply -> reply.json().path("opportunity").path("id").asLong())
            .collect(Collectors.toSet());
    assertThat(ids).hasSize(200);
    assertThat(crm.count("opportunity")).isEqualTo(200);
    assertThat(crm.events())
        .extracting(StoredEvent::recordId)
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(crm.events()).allMatch(event -> event.deliveries() == 1);
    assertThat(crm.handover.events()).hasSize(200);
    for (int i = 0; i < replies.size(); i++) {
      assertThat(replies.get(i).json().path("opportunity").path("name").asText())
          .isEqualTo("number " + i);
    }
  }

  @Test
  void aRowThatTheDatabaseRefusesHarmsOnlyItsOwnCaller() {
    refuse("poison");

    List<Reply> replies =
        together(
            60,
            i ->
                () ->
                    crm.api()
                        .post(
                            "/contacts",
                            "{\"contact\": {\"first_name\": \""
                                + (i % 20 == 7 ? "poison" : "ok")
                                + "\"}}"));

    for (int i = 0; i < replies.size(); i++) {
      assertThat(replies.get(i).status()).as("caller " + i).isEqualTo(i % 20 == 7 ? 500 : 201);
    }
    assertThat(crm.count("contact")).isEqualTo(57);
    assertThat(crm.count("event")).isEqualTo(57);
    assertThat(crm.count("delivery")).isEqualTo(57);
    assertThat(crm.handover.events()).hasSize(57);
  }

  @Test
  void aBadReferenceHarmsOnlyItsOwnCaller() {
    List<Reply> replies =
        together(
            60,
            i ->
                () ->
                    crm.api()
                        .post(
                            "/contacts",
                            "{\"contact\": {\"company_id\": "
                                + (i % 20 == 7 ? 99 : "null")
                                + "}}"));

    for (int i = 0; i < replies.size(); i++) {
      assertThat(replies.get(i).status()).as("caller " + i).isEqualTo(i % 20 == 7 ? 422 : 201);
    }
    assertThat(crm.count("contact")).isEqualTo(57);
    assertThat(crm.count("event")).isEqualTo(57);
  }

  @Test
  void anUpdateThatCannotBePublishedIsNotMadeEither() {
    long id = crm.create("contacts", "{\"contact\": {\"first_name\": \"before\"}}");
    crm.database.withHandle(
        handle -> handle.execute("ALTER TABLE event ADD CHECK (type <> 'contact.update')"));

    Reply patched =
        crm.api().patch("/contacts/" + id, "{\"contact\": {\"first_name\": \"after\"}}");

    assertThat(patched.status()).isEqualTo(500);
    assertThat(shown("contacts", "contact", id).path("first_name").asText()).isEqualTo("before");
    assertThat(crm.handover.events()).hasSize(1);
  }

  @Test
  void parallelUpdatesOfOneRecordAllCountAndEachIsPublished() {
    long id = crm.create("contacts", "{\"contact\": {}}");

    List<Reply> replies =
        together(
            20,
            i ->
                () ->
                    crm.api()
                        .patch(
                            "/contacts/" + id,
                            "{\"contact\": {\"custom_fields\": {\"field" + i + "\": " + i + "}}}"));

    assertThat(replies).allMatch(reply -> reply.status() == 200);
    assertThat(shown("contacts", "contact", id).path("custom_fields").size()).isEqualTo(20);
    assertThat(crm.events("contact", id)).hasSize(21);
  }

  @Test
  void aReferenceToWhatIsBeingDeletedIsRefusedAsUnknown() throws Exception {
    long company = crm.create("companies", "{\"company\": {\"name\": \"x\"}}");
    long contact = crm.create("contacts", "{\"contact\": {}}");
    String body = "{\"contact\": {\"company_id\": " + company + "}}";

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        Handle deleting = Jdbi.create(crm.database.dedicated()).open()) {
      deleting.begin();
      deleting.execute("DELETE FROM company WHERE id = ?", company);
      Future<Reply> created = callers.submit(() -> crm.api().post("/contacts", body));
      Future<Reply> updated = callers.submit(() -> crm.api().patch("/contacts/" + contact, body));
      await().atMost(Duration.ofSeconds(20)).until(() -> waitingForLocks() == 2);
      deleting.commit();

      assertThat(created.get().faults()).containsExactly("contact.company_id unknown_reference");
      assertThat(updated.get().faults()).containsExactly("contact.company_id unknown_reference");
    }
  }

  private long waitingForLocks() {
    return crm.database.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
            .mapTo(Long.class)
            .one());
  }

  private static StoredEvent event(String type, long id, String plural) {
    String payload =
        "{\"id\":" + id + ",\"url\":\"https://posthorn.test/" + plural + "/" + id + "\"}";
    return new StoredEvent(type, id, payload, 1);
  }

  private JsonNode shown(String plural, String kind, long id) {
    return crm.api().get("/" + plural + "/" + id).json().path(kind);
  }

  private void refuse(String firstName) {
    crm.database.withHandle(handle ->
        handle.execute("ALTER TABLE contact ADD CHECK (first_name <> '" + firstName + "')"));
  }

  /** Which version of a row is stored: another one after every write, even of the same values. */
  private String rowVersion(long id) {
    return crm.database.withHandle(handle ->
        handle
            .createQuery("SELECT xmin || ' ' || ctid FROM opportunity WHERE id = ?")
            .bind(0, id)
            .mapTo(String.class)
            .one());
  }

  private interface Caller {
    java.util.concurrent.Callable<Reply> number(int i);
  }

  private static List<Reply> together(int count, Caller caller) {
    List<Future<Reply>> calls = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        calls.add(callers.submit(caller.number(i)));
      }
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> call : calls) {
      try {
        replies.add(call.get());
      } catch (ExecutionException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return replies;
  }
}
