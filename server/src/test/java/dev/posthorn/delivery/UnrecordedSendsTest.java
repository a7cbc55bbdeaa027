package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.IdText;
import dev.posthorn.http.ApiClient.Reply;
import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says of requests that a dead node may have sent and not written down. */
final class UnrecordedSendsTest {
  private static final Pattern NEXT =
      Pattern.compile("<https://posthorn.test/api/2023-01(.*)>; rel=\"next\"");

  @AutoClose private final HistoryFixture fixture = new HistoryFixture();

  private LaneKey webhook = new LaneKey(0, 0, new UUID(0, 0));
  private Delivery delivery = Delivery.fresh(new UUID(0, 0), "", new byte[0], fixture.now);

  @BeforeEach
  void publishAndWaitAWhile() {
    webhook = fixture.webhook(60);
    delivery = fixture.publish("a.b");
    fixture.now = fixture.now.plusSeconds(10);
  }

  @Test
  void aLogWithoutTakeoversLacksNothing() {
    fixture.record(fixture.answered(webhook, delivery, 200));

    assertThat(marks()).containsExactly("null");
    assertThat(markOfDelivery()).isEqualTo("null");
  }

  @Test
  void theFirstAttemptAfterATakeoverIsMarkedAndNoFurtherOne() {
    takeOver("2026-06-15T10:30:35Z");
    assertThat(markOfDelivery()).isEqualTo("2026-06-15T10:30:35.000000Z");

    fail();
    assertThat(markOfDelivery()).isEqualTo("null");
    passUntilTheRetry();
    fail();

    assertThat(marks()).containsExactly("2026-06-15T10:30:35.000000Z", "null");
  }

  @Test
  void theLastOfSeveralTakeoversIsTold() {
    takeOver("2026-06-15T10:30:33Z");
    takeOver("2026-06-15T10:30:36Z");
    fail();

    assertThat(marks()).containsExactly("2026-06-15T10:30:36.000000Z");
  }

  @Test
  void aTakeoverBeforeTheEventOrAfterTheAttemptSaysNothingOfIt() {
    takeOver("2026-06-15T10:30:28Z");
    fail();
    takeOver("2026-06-15T10:30:50Z");

    assertThat(marks()).containsExactly("null");
  }

  @Test
  void clocksOfNodesMayDifferByASecond() {
    takeOver("2026-06-15T10:30:29.5Z");
    fail();

    assertThat(marks()).containsExactly("2026-06-15T10:30:29.500000Z");
  }

  @Test
  void whatWaitedForItsRetryWasNotSent() {
    fail();
    takeOver("2026-06-15T10:32:00Z"); // the retry is due at 10:35:40
    assertThat(markOfDelivery()).isEqualTo("null");
    passUntilTheRetry();
    fail();
    takeOver("2026-06-15T10:41:20Z"); // the next one was due at 10:41:10
    assertThat(markOfDelivery()).isEqualTo("2026-06-15T10:41:20.000000Z");
    passUntilTheRetry();
    fail();

    assertThat(marks()).containsExactly("null", "null", "2026-06-15T10:41:20.000000Z");
  }

  @Test
  void aRetryThatWasAskedForMayHaveBeenSentBeforeItWasDue() {
    fail();
    ask("retry", "2026-06-15T10:31:00Z");
    takeOver("2026-06-15T10:31:01Z");
    fixture.now = fixture.now.plusSeconds(30);
    fail();

    assertThat(marks()).containsExactly("null", "2026-06-15T10:31:01.000000Z");
  }

  @Test
  void aRetryAskedForAfterATakeoverForgetsNothing() {
    takeOver("2026-06-15T10:30:35Z");
    retryNow();
    assertThat(markOfDelivery()).isEqualTo("2026-06-15T10:30:35.000000Z");
    fail();
    takeOver("2026-06-15T10:32:00Z"); // the retry is due at 10:35:40
    fixture.now = fixture.now.plusSeconds(140);
    retryNow();
    assertThat(markOfDelivery()).isEqualTo("null");

    takeOver("2026-06-15T10:33:01Z");
    assertThat(markOfDelivery()).isEqualTo("2026-06-15T10:33:01.000000Z");
  }

  @Test
  void whatHadSucceededWasNotSentUntilItWasAskedForAgain() {
    fixture.record(fixture.answered(webhook, delivery, 200));
    delivery = HistoryFixture.again(delivery);
    takeOver("2026-06-15T10:40:00Z");
    ask("recover", "2026-06-15T10:50:00Z");
    fixture.now = fixture.now.plus(Duration.ofMinutes(30));
    fixture.record(fixture.answered(webhook, delivery, 200));
    delivery = HistoryFixture.again(delivery);
    ask("recover", "2026-06-15T11:01:00Z");
    takeOver("2026-06-15T11:02:00Z");
    fixture.now = fixture.now.plus(Duration.ofMinutes(30));
    fixture.record(fixture.answered(webhook, delivery, 200));

    assertThat(marks()).containsExactly("null", "null", "2026-06-15T11:02:00.000000Z");
  }

  @Test
  void anAttemptWithoutAReasonCountsAsPossibleSinceTheOneBefore() {
    fixture.record(fixture.answered(webhook, delivery, 200));
    delivery = HistoryFixture.again(delivery);
    takeOver("2026-06-15T10:40:00Z");
    fixture.now = fixture.now.plus(Duration.ofMinutes(30));
    fixture.record(fixture.answered(webhook, delivery, 200));

    assertThat(marks()).containsExactly("null", "2026-06-15T10:40:00.000000Z");
  }

  @Test
  void whatWasCancelledAfterATakeoverTellsOfItItself() {
    takeOver("2026-06-15T10:30:35Z");
    fixture.update("UPDATE delivery SET state = 'cancelled', settled_at = '2026-06-15T10:31:00Z'");
    takeOver("2026-06-15T10:32:00Z");

    assertThat(markOfDelivery()).isEqualTo("2026-06-15T10:30:35.000000Z");
    assertThat(
            fixture
                .api()
                .get("/webhooks/" + webhook.publicId() + "/deliveries")
                .json()
                .at("/deliveries/0/maybe_sent_at")
                .asText())
        .isEqualTo("2026-06-15T10:30:35.000000Z");
  }

  @Test
  void aPageKnowsTheAttemptBeforeIt() {
    takeOver("2026-06-15T10:30:35Z");
    fail();
    passUntilTheRetry();
    fail();
    String path = "/deliveries/" + id() + "/attempts?per_page=1";

    Reply first = fixture.api().get(path);
    Matcher next = NEXT.matcher(first.header("Link"));
    assertThat(next.find()).isTrue();
    Reply second = fixture.api().get(next.group(1));

    assertThat(marks(first)).containsExactly("2026-06-15T10:30:35.000000Z");
    assertThat(marks(second)).containsExactly("null");
  }

  @Test
  void otherShardsAndDoubtsAboutTheClockSayNothing() {
    int shard = Webhook.shardOf(webhook.webhookId());
    doubt((shard + 1) % Webhook.SHARDS, "2026-06-15T10:30:35Z", "takeover");
    doubt(shard, "2026-06-15T10:30:35Z", "clock");
    fail();

    assertThat(marks()).containsExactly("null");
  }

  private void fail() {
    fixture.record(fixture.unanswered(webhook, delivery, fixture.retry()));
    delivery = HistoryFixture.again(delivery);
  }

  private void passUntilTheRetry() {
    fixture.now = fixture.now.plusSeconds(330);
  }

  private void takeOver(String moment) {
    doubt(Webhook.shardOf(webhook.webhookId()), moment, "takeover");
  }

  private void doubt(int shard, String moment, String kind) {
    fixture.update(
        "INSERT INTO shard_doubt (shard, at, kind) VALUES (?, ?::timestamptz, ?)",
        shard,
        moment,
        kind);
  }

  private void ask(String kind, String moment) {
    fixture.update(
        """
        INSERT INTO intent (account_id, webhook_id, id, kind, from_event, to_event, states, created_at)
        VALUES (1, ?, gen_random_uuid(), ?, ?, ?, '{pending}', ?::timestamptz)
        """,
        webhook.webhookId(),
        kind,
        delivery.eventId(),
        delivery.eventId(),
        moment);
    fixture.update("UPDATE delivery SET state = 'pending', settled_at = NULL");
  }

  /** As a lane carries out what a customer asked for. */
  private void retryNow() {
    UUID event = delivery.eventId();
    Intent intent =
        new Intent(
            UUID.randomUUID(),
            Intent.Kind.RETRY,
            event,
            event,
            List.of("pending"),
            Optional.empty());
    fixture.database.inTransaction(
        transaction -> Intents.carryOutSlice(transaction, webhook, intent, List.of(), fixture.now));
  }

  private String id() {
    return IdText.of("dlv_", delivery.eventId(), webhook.publicId());
  }

  private String markOfDelivery() {
    return fixture.api().get("/deliveries/" + id()).json().at("/delivery/maybe_sent_at").asText();
  }

  private List<String> marks() {
    return marks(fixture.api().get("/deliveries/" + id() + "/attempts"));
  }

  private static List<String> marks(Reply reply) {
    return reply.json().get("attempts").findValues("maybe_sent_at").stream()
        .map(JsonNode::asText)
        .toList();
  }
}
