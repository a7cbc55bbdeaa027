package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.IdText;
import dev.posthorn.http.ApiClient.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Deliveries and attempts as a customer reads them. */
final class DeliveryHistoryTest {
  private static final Pattern NEXT =
      Pattern.compile("<https://posthorn.test/api/2023-01(.*)>; rel=\"next\"");

  @AutoClose private final HistoryFixture fixture = new HistoryFixture();

  @Test
  void showsADeliveryWithWhatBecameOfIt() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("invoice.paid");
    fixture.record(fixture.answered(webhook, delivery, 200));

    JsonNode shown =
        fixture.api().get("/deliveries/" + id(webhook, delivery)).json().get("delivery");

    assertThat(shown.get("id").asText()).isEqualTo(id(webhook, delivery));
    assertThat(shown.get("webhook_id").asText()).isEqualTo(webhook.publicId().toString());
    assertThat(shown.get("event_id").asText()).isEqualTo(IdText.of("evt_", delivery.eventId()));
    assertThat(shown.get("event_type").asText()).isEqualTo("invoice.paid");
    assertThat(shown.get("state").asText()).isEqualTo("succeeded");
    assertThat(shown.get("attempts").asInt()).isEqualTo(1);
    assertThat(shown.get("last_status").asInt()).isEqualTo(200);
    assertThat(shown.get("settled_at").isNull()).isFalse();
    assertThat(shown.get("due_at").isNull()).isTrue();
    assertThat(shown.get("next").isNull()).isTrue();
  }

  @Test
  void listsNewestFirstPageByPageAcrossDays() {
    LaneKey webhook = fixture.webhook(60);
    List<String> expected = new ArrayList<>();
    fixture.now = fixture.now.minus(Duration.ofDays(2));
    for (int day = 0; day < 3; day++) {
      fixture.publish("a.b", 3).forEach(delivery -> expected.add(id(webhook, delivery)));
      fixture.now = fixture.now.plus(Duration.ofDays(day < 2 ? 1 : 0));
    }
    Collections.reverse(expected);

    assertThat(walk("/webhooks/" + webhook.publicId() + "/deliveries?per_page=2"))
        .isEqualTo(expected);
  }

  @Test
  void endsAPageThatIsExactlyFullWithoutALink() {
    LaneKey webhook = fixture.webhook(60);
    fixture.publish("a.b", 2);

    Reply reply = fixture.api().get("/webhooks/" + webhook.publicId() + "/deliveries?per_page=2");

    assertThat(reply.json().get("deliveries")).hasSize(2);
    assertThat(reply.header("Link")).isEmpty();
  }

  @Test
  void filtersByStateEventTypeStatusAndTime() {
    LaneKey webhook = fixture.webhook(60);
    Delivery early = fixture.publish("early.one");
    fixture.now = fixture.now.plusSeconds(600);
    Delivery ok = fixture.publish("a.b");
    Delivery broken = fixture.publish("a.b");
    Delivery refused = fixture.publish("a.c");
    Delivery unreached = fixture.publish("a.c");
    fixture.record(
        fixture.answered(webhook, ok, 204),
        fixture.answered(webhook, broken, 503),
        fixture.answered(webhook, refused, 404),
        fixture.unanswered(webhook, unreached, new Verdict.GaveUp(1)));

    assertThat(list(webhook, "state=succeeded")).containsExactly(id(webhook, ok));
    assertThat(list(webhook, "state=failed")).containsExactly(id(webhook, unreached));
    assertThat(list(webhook, "event_type=a.b"))
        .containsExactly(id(webhook, broken), id(webhook, ok));
    assertThat(list(webhook, "status=2xx")).containsExactly(id(webhook, ok));
    assertThat(list(webhook, "status=4xx")).containsExactly(id(webhook, refused));
    assertThat(list(webhook, "status=5xx&state=pending")).containsExactly(id(webhook, broken));
    assertThat(list(webhook, "status=none")).containsExactly(id(webhook, unreached));
    assertThat(list(webhook, "created_before=2026-06-15T10:35:00Z"))
        .containsExactly(id(webhook, early));
    assertThat(list(webhook, "created_since=2026-06-15T10:35:00Z")).hasSize(4);
  }

  @Test
  void goesOnBehindAStretchWithoutAnyMatch() {
    LaneKey webhook = fixture.webhook(60);
    Delivery rare = fixture.publish("rare.type");
    fixture.now = fixture.now.plusSeconds(60);
    fixture.publish("common.type");
    // As many more as a page looks at, made by the database for speed.
    fixture.update(
        """
        INSERT INTO event (account_id, id, type, payload, created_at)
        SELECT 1, (substr(e.id::text, 1, 23) || lpad(to_hex(n), 13, '-9abc00000000'))::uuid, e.type, e.payload, e.created_at
        FROM event e, generate_series(1, ?) AS n WHERE e.type = 'common.type'
        """,
        DeliveryHistory.MOST_SCANNED);
    fixture.update(
        """
        INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
        SELECT 1, ?, id, created_at FROM event ON CONFLICT DO NOTHING
        """,
        webhook.webhookId());
    String path = "/webhooks/" + webhook.publicId() + "/deliveries?event_type=rare.type";

    Reply first = fixture.api().get(path);

    assertThat(first.json().get("deliveries")).isEmpty();
    assertThat(first.header("Link")).isNotEmpty();
    assertThat(walk(path)).containsExactly(id(webhook, rare));
  }

  @Test
  void showsEveryAttemptWithWhatCameBack() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    fixture.record(fixture.unanswered(webhook, delivery, fixture.retry()));
    fixture.now = fixture.now.plusSeconds(300);
    Delivery again = HistoryFixture.again(delivery);
    fixture.record(
        fixture.answered(
            webhook,
            again,
            500,
            "HTTP/1.1 500 Oh\r\nServer: caf\u00e9\r\nX-Folded: a\r\n b\r\nset-cookie: 1\r\nset-cookie: 2\r\n",
            "<p>größer</p>".getBytes(StandardCharsets.UTF_8)));

    JsonNode attempts =
        fixture
            .api()
            .get("/deliveries/" + id(webhook, delivery) + "/attempts")
            .json()
            .get("attempts");

    assertThat(attempts).hasSize(2);
    JsonNode first = attempts.get(0);
    assertThat(first.get("id").asText()).startsWith("att_");
    assertThat(first.get("number").asInt()).isEqualTo(1);
    assertThat(first.get("outcome").asText()).isEqualTo("failed");
    assertThat(first.get("error").asText()).isEqualTo("connect_refused");
    assertThat(first.get("message").asText()).isEqualTo("The connection was refused.");
    assertThat(first.get("status").isNull()).isTrue();
    assertThat(first.get("response").isNull()).isTrue();
    assertThat(first.get("next_attempt_at").asText()).isEqualTo("2026-06-15T10:35:30.000000Z");
    JsonNode second = attempts.get(1);
    assertThat(second.get("error").isNull()).isTrue();
    assertThat(second.get("status").asInt()).isEqualTo(500);
    assertThat(second.get("duration_ms").toString())
        .isEqualTo("{\"dns\":1.0,\"connect\":2.0,\"tls\":null,\"first_byte\":40.0,\"total\":42.0}");
    JsonNode response = second.get("response");
    assertThat(response.get("headers").toString())
        .isEqualTo(
            "[{\"name\":\"Server\",\"value\":\"caf\u00e9\"},{\"name\":\"X-Folded\",\"value\":\"a b\"},"
                + "{\"name\":\"set-cookie\",\"value\":\"1\"},{\"name\":\"set-cookie\",\"value\":\"2\"}]");
    assertThat(response.get("body").asText()).isEqualTo("<p>größer</p>");
    assertThat(response.get("body_encoding").asText()).isEqualTo("utf-8");
    assertThat(response.get("truncated").asBoolean()).isFalse();
  }

  @Test
  void showsABodyThatIsNoTextAsBase64() {
    assertThat(bodyShown(new byte[] {(byte) 0xff, 0, 1}).toString())
        .contains("\"body\":\"/wAB\"", "\"body_encoding\":\"base64\"");
  }

  @Test
  void showsTextThatWasCutWithinACharacterAsText() {
    byte[] cut = new byte[16_384];
    java.util.Arrays.fill(cut, (byte) 'a');
    cut[cut.length - 1] = (byte) 0xc3; // the first half of an umlaut

    JsonNode response = bodyShown(cut);

    assertThat(response.get("body_encoding").asText()).isEqualTo("utf-8");
    assertThat(response.get("body").asText()).isEqualTo("a".repeat(cut.length - 1));
    assertThat(response.get("truncated").asBoolean()).isTrue();
  }

  @Test
  void pagesThroughAttempts() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    fixture.record(
        fixture.unanswered(webhook, delivery, fixture.retry()),
        fixture.unanswered(webhook, HistoryFixture.again(delivery), fixture.retry()),
        fixture.unanswered(
            webhook, HistoryFixture.again(HistoryFixture.again(delivery)), fixture.retry()));
    String path = "/deliveries/" + id(webhook, delivery) + "/attempts?per_page=2";

    Reply first = fixture.api().get(path);
    Reply second = fixture.api().get(next(first).orElseThrow());

    assertThat(first.json().get("attempts").findValuesAsText("number")).containsExactly("1", "2");
    assertThat(second.json().get("attempts").findValuesAsText("number")).containsExactly("3");
    assertThat(next(second)).isEmpty();
  }

  @Test
  void saysWhatHappensNext() {
    LaneKey webhook = fixture.webhook(2);
    Delivery first = fixture.publish("a.b");
    assertThat(next(webhook, first)).isEqualTo("queued null");

    fixture.record(fixture.unanswered(webhook, first, fixture.retry()));
    assertThat(next(webhook, first)).isEqualTo("retry_scheduled 2026-06-15T10:35:30.000000Z");

    Delivery second = fixture.publish("a.b");
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200));
    assertThat(next(webhook, second)).isEqualTo("waiting_for_rate_limit null");

    fixture.update("UPDATE webhook SET hold_until = '2026-06-15T10:33:00Z'");
    assertThat(next(webhook, second))
        .isEqualTo("receiver_asked_to_wait 2026-06-15T10:33:00.000000Z");
    assertThat(next(webhook, first)).isEqualTo("retry_scheduled 2026-06-15T10:35:30.000000Z");

    fixture.update("UPDATE webhook SET enabled = false");
    assertThat(next(webhook, second)).isEqualTo("webhook_disabled null");

    fixture.update(
        """
        INSERT INTO intent (account_id, webhook_id, id, kind, from_event, to_event, states, created_at)
        VALUES (1, ?, gen_random_uuid(), 'skip', ?, ?, '{pending}', now())
        """,
        webhook.webhookId(),
        first.eventId(),
        first.eventId());
    assertThat(next(webhook, first)).isEqualTo("being_skipped null");
    assertThat(next(webhook, second)).isEqualTo("webhook_disabled null");

    fixture.update("UPDATE webhook SET deleted_at = now()");
    assertThat(next(webhook, second)).isEqualTo("webhook_deleted null");
  }

  @Test
  void answersForWhatIsNotTheirsAsForWhatIsNot() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    List<String> paths =
        List.of(
            "/webhooks/" + webhook.publicId() + "/deliveries",
            "/webhooks/" + webhook.publicId() + "/stats",
            "/deliveries/" + id(webhook, delivery),
            "/deliveries/" + id(webhook, delivery) + "/attempts");
    String unknown = IdText.of("dlv_", delivery.eventId(), UUID.randomUUID());

    for (String path : paths) {
      assertThat(fixture.api().get(path).status()).as(path).isEqualTo(200);
      assertThat(fixture.withoutScope().get(path).status()).as(path).isEqualTo(403);
      Reply foreign = fixture.otherAccount().get(path);
      assertThat(foreign.status()).as(path).isEqualTo(404);
      assertThat(foreign.json().get("detail"))
          .isEqualTo(fixture.api().get("/deliveries/" + unknown).json().get("detail"));
    }
    assertThat(fixture.api().get("/deliveries/dlv_x").status()).isEqualTo(404);
    assertThat(fixture.api().get("/webhooks/" + UUID.randomUUID() + "/deliveries").status())
        .isEqualTo(404);
  }

  @Test
  void keepsTheDeliveriesOfADeletedWebhookReadable() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    fixture.update("UPDATE webhook SET deleted_at = now()");

    assertThat(fixture.api().get("/deliveries/" + id(webhook, delivery)).status()).isEqualTo(200);
    assertThat(fixture.api().get("/webhooks/" + webhook.publicId() + "/deliveries").status())
        .isEqualTo(404);
  }

  @Test
  void refusesFaultyParametersAndForeignCursors() {
    LaneKey webhook = fixture.webhook(60);
    fixture.publish("a.b", 3);
    String path = "/webhooks/" + webhook.publicId() + "/deliveries";
    String cursor = next(fixture.api().get(path + "?per_page=1")).orElseThrow();

    assertThat(fixture.api().get(path + "?state=lost&status=1xx&created_since=x&tpye=a").faults())
        .containsExactlyInAnyOrder(
            "state unknown_value",
            "status unknown_value",
            "created_since invalid_time",
            "tpye unknown_parameter");
    assertThat(fixture.api().get(cursor + "&state=pending").faults())
        .containsExactly("cursor invalid_cursor");
  }

  private JsonNode bodyShown(byte[] body) {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    fixture.record(fixture.answered(webhook, delivery, 500, "HTTP/1.1 500 X\r\n", body));
    return fixture
        .api()
        .get("/deliveries/" + id(webhook, delivery) + "/attempts")
        .json()
        .at("/attempts/0/response");
  }

  private String next(LaneKey webhook, Delivery delivery) {
    JsonNode next =
        fixture.api().get("/deliveries/" + id(webhook, delivery)).json().at("/delivery/next");
    assertThat(next.get("message").asText()).isNotEmpty();
    return next.get("step").asText() + " " + next.get("at").asText();
  }

  private List<String> list(LaneKey webhook, String query) {
    return walk("/webhooks/" + webhook.publicId() + "/deliveries?" + query);
  }

  /** The ids on all pages. */
  private List<String> walk(String path) {
    List<String> found = new ArrayList<>();
    for (Optional<String> at = Optional.of(path); at.isPresent(); ) {
      Reply reply = fixture.api().get(at.get());
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      reply.json().get("deliveries").forEach(one -> found.add(one.get("id").asText()));
      at = next(reply);
    }
    return found;
  }

  private static Optional<String> next(Reply reply) {
    Matcher link = NEXT.matcher(reply.header("Link"));
    return link.matches() ? Optional.of(link.group(1)) : Optional.empty();
  }

  private static String id(LaneKey webhook, Delivery delivery) {
    return IdText.of("dlv_", delivery.eventId(), webhook.publicId());
  }
}
