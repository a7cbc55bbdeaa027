package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.ApiClient.Reply;
import dev.posthorn.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventHistoryTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  @BeforeEach
  void startWithOneType() {
    fixture.clear();
    fixture.addType("invoice.paid");
  }

  @Test
  void readsAnEventWithItsDeliveries() {
    String webhook = fixture.addWebhook("");
    String id = publish("{ \"odd\" : 1.50 }");

    Reply reply = fixture.api().get("/events/" + id);

    JsonNode event = reply.json().get("event");
    assertThat(reply.text()).contains("\"payload\":{ \"odd\" : 1.50 }");
    assertThat(event.get("record_id").isNull()).isTrue();
    JsonNode delivery = event.at("/deliveries/0");
    assertThat(event.get("deliveries")).hasSize(1);
    assertThat(delivery.get("webhook_id").asText()).isEqualTo(webhook);
    assertThat(delivery.get("state").asText()).isEqualTo("pending");
    assertThat(delivery.get("attempts").asInt()).isZero();
    assertThat(delivery.get("settled_at").isNull()).isTrue();
    assertThat(reply.header("ETag")).isNotEmpty();
  }

  @Test
  void listsNewestFirstAndReadsOnByCursor() {
    List<String> ids = publish(250);

    assertThat(follow("/events")).isEqualTo(ids.reversed());
    assertThat(follow("/events?per_page=7")).isEqualTo(ids.reversed());
    assertThat(fixture.api().get("/events").json().get("events")).hasSize(100);
  }

  @Test
  void readingOnMissesNothingWhenMoreHappensMeanwhile() {
    List<String> ids = publish(10);
    Reply first = fixture.api().get("/events?per_page=5");
    publish(10);

    Reply second = fixture.api().get(next(first));

    assertThat(ids(second)).isEqualTo(ids.subList(0, 5).reversed());
  }

  @Test
  void filtersByTypeRecordAndTime() {
    List<String> own = publish(3);
    String before =
        fixture.api().get("/events/" + own.getFirst()).json().at("/event/created_at").asText();
    String contact = record("contact.create", 7);
    String opportunity = record("opportunity.create", 7);
    String since = fixture.api().get("/events/" + contact).json().at("/event/created_at").asText();

    assertThat(follow("/events?type=contact.create")).containsExactly(contact);
    assertThat(follow("/events?record_id=7")).containsExactly(opportunity, contact);
    assertThat(follow("/events?record_id=7&type=opportunity.create")).containsExactly(opportunity);
    assertThat(follow("/events?created_since=" + since)).containsExactly(opportunity, contact);
    assertThat(follow("/events?created_before=" + since)).isEqualTo(own.reversed());
    assertThat(follow("/events?created_before=" + before)).isEmpty();
    assertThat(follow("/events?type=no.such")).isEmpty();
  }

  @Test
  void findsWhatIsRareInALongHistory() {
    String oldest = record("contact.create", 7);
    fixture
        .database()
        .withHandle(handle ->
            handle.execute(
                """
                INSERT INTO event (account_id, id, type, payload, created_at)
                SELECT 1, (lpad(to_hex(millis + 1000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
                  'invoice.paid', '1', now()
                FROM (SELECT (extract(epoch FROM created_at) * 1000)::bigint AS millis FROM event) AS oldest,
                  generate_series(1, 25000) AS n
                """));

    Reply first = fixture.api().get("/events?type=contact.create");

    assertThat(ids(first)).isEmpty();
    assertThat(next(first)).isNotEmpty();
    assertThat(follow("/events?type=contact.create")).containsExactly(oldest);
  }

  @Test
  void cutsAPageOfLargePayloads() {
    String large = '"' + "a".repeat(250_000) + '"';
    List<String> ids = IntStream.range(0, 20).mapToObj(at -> publish(large)).toList();

    Reply first = fixture.api().get("/events");

    assertThat(first.body().length).isLessThan(6 << 20);
    assertThat(follow("/events")).isEqualTo(ids.reversed());
  }

  @Test
  void anotherAccountSeesNothing() {
    String id = publish("1");
    publish("2");
    String next = next(fixture.api().get("/events?per_page=1"));

    assertThat(fixture.otherAccount().get("/events/" + id).status()).isEqualTo(404);
    assertThat(ids(fixture.otherAccount().get("/events"))).isEmpty();
    assertThat(fixture.otherAccount().get(next).faults()).containsExactly("cursor invalid_cursor");
  }

  @Test
  void cursorIsGoodOnlyForItsFilter() {
    publish(2);
    String next = next(fixture.api().get("/events?per_page=1"));

    assertThat(fixture.api().get(next + "&type=contact.create").faults())
        .containsExactly("cursor invalid_cursor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "evt_",
        "evt_1",
        "evt_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "EVT_00000000000000000000000000"
      })
  void oddIdsAreUnknown(String id) {
    assertThat(fixture.api().get("/events/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "record_id=007",
        "record_id=x",
        "created_since=yesterday",
        "per_page=101",
        "page=2",
        "cursor=x"
      })
  void refusesQueries(String query) {
    assertThat(fixture.api().get("/events?" + query).status()).isEqualTo(422);
  }

  private static List<String> publish(int howMany) {
    String body =
        IntStream.range(0, howMany)
            .mapToObj(n -> "{\"type\": \"invoice.paid\", \"payload\": " + n + "}")
            .collect(Collectors.joining(",", "{\"events\": [", "]}"));
    return fixture.api().post("/events", body).json().get("events").findValuesAsText("id");
  }

  private static String publish(String payload) {
    return fixture
        .api()
        .post("/events", "{\"event\":{\"type\":\"invoice.paid\",\"payload\":" + payload + "}}")
        .json()
        .at("/event/id")
        .asText();
  }

  private static String record(String type, long id) {
    String body = "{\"event\": {\"type\": \"" + type + "\", \"record_id\": " + id + "}}";
    return fixture.api().post("/events", body).json().at("/event/id").asText();
  }

  /** The ids on this page and on all that follow. */
  private static List<String> follow(String path) {
    List<String> ids = new ArrayList<>();
    for (String at = path; !at.isEmpty(); ) {
      Reply page = fixture.api().get(at);
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      ids.addAll(ids(page));
      at = next(page);
    }
    return ids;
  }

  private static List<String> ids(Reply page) {
    List<String> ids = new ArrayList<>();
    page.json().get("events").forEach(event -> ids.add(event.get("id").asText()));
    return ids;
  }

  /** Where the page's link leads, below the API's path; empty without one. */
  private static String next(Reply page) {
    String link = page.header("Link");
    String start = ApiFixture.PUBLIC_URL + Route.API;
    return link.isEmpty()
        ? ""
        : link.substring(link.indexOf(start) + start.length(), link.indexOf('>'));
  }
}
