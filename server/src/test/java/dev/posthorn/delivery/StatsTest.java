package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is counted, and what is told of it. */
final class StatsTest {
  @AutoClose private final HistoryFixture fixture = new HistoryFixture();

  @Test
  void countsOutcomesByMinuteInTheTransactionThatStoresThem() {
    LaneKey webhook = fixture.webhook(60);
    List<Delivery> deliveries = fixture.publish("a.b", 6);
    fixture.record(
        fixture.answered(webhook, deliveries.get(0), 200),
        fixture.answered(webhook, deliveries.get(1), 302),
        fixture.answered(webhook, deliveries.get(2), 404),
        fixture.answered(webhook, deliveries.get(3), 503));
    fixture.now = fixture.now.plusSeconds(60);
    fixture.record(
        fixture.unanswered(webhook, deliveries.get(4), new Verdict.GaveUp(9)),
        fixture.answered(webhook, deliveries.get(5), 204));

    JsonNode stats = stats(webhook, "?since=2026-06-15T10:00:00Z&until=2026-06-15T10:40:00Z");

    assertThat(stats.get("step").asText()).isEqualTo("minute");
    assertThat(stats.get("attempts").toString())
        .isEqualTo(
            "{\"total\":6,\"succeeded\":2,\"failed\":4,\"success_share\":0.3333333333333333,"
                + "\"by_status\":{\"2xx\":2,\"3xx\":1,\"4xx\":1,\"5xx\":1,\"none\":1}}");
    assertThat(stats.get("deliveries").toString()).isEqualTo("{\"succeeded\":2,\"failed\":1}");
    assertThat(stats.get("series").findValuesAsText("at"))
        .containsExactly("2026-06-15T10:30:00.000000Z", "2026-06-15T10:31:00.000000Z");
    assertThat(stats.at("/series/0/attempts/total").asInt()).isEqualTo(4);
    assertThat(stats.at("/series/1/attempts/total").asInt()).isEqualTo(2);
  }

  @Test
  void tellsPercentilesToWithinTheirClass() {
    LaneKey webhook = fixture.webhook(60);
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200)); // 42 ms

    JsonNode latency = stats(webhook, "").get("latency_ms");

    assertThat(latency.get("p50").asDouble()).isBetween(30.0, 50.0);
    assertThat(latency.get("p99").asDouble()).isBetween(30.0, 50.0);
  }

  @Test
  void tellsOfAWebhookToWhichNothingHappened() {
    LaneKey webhook = fixture.webhook(60);

    JsonNode stats = stats(webhook, "");

    assertThat(stats.at("/attempts/total").asInt()).isZero();
    assertThat(stats.at("/attempts/success_share").isNull()).isTrue();
    assertThat(stats.at("/latency_ms/p50").isNull()).isTrue();
    assertThat(stats.at("/backlog/text").asText()).isEqualTo("0");
    assertThat(stats.at("/backlog/oldest_at").isNull()).isTrue();
    assertThat(stats.get("series")).isEmpty();
  }

  @Test
  void countsTheBacklogAndNamesItsOldest() {
    LaneKey webhook = fixture.webhook(60);
    Delivery oldest = fixture.publish("a.b");
    fixture.record(fixture.unanswered(webhook, oldest, fixture.retry()));
    fixture.now = fixture.now.plus(Duration.ofHours(20)); // the next day
    fixture.publish("a.b", 2);

    JsonNode backlog = stats(webhook, "").get("backlog");

    assertThat(backlog.get("count").asInt()).isEqualTo(3);
    assertThat(backlog.get("text").asText()).isEqualTo("3");
    assertThat(backlog.get("oldest_at").asText()).isEqualTo("2026-06-15T10:30:30.000000Z");
  }

  @Test
  void stopsCountingABacklogAtTenThousand() {
    LaneKey webhook = fixture.webhook(60);
    fixture.publish("a.b");
    fixture.update(
        """
        INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
        SELECT 1, d.webhook_id, (substr(d.event_id::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, d.due_at
        FROM delivery d, generate_series(1, 10500) AS n
        """);

    JsonNode backlog = stats(webhook, "").get("backlog");

    assertThat(backlog.get("count").asInt()).isEqualTo(10_000);
    assertThat(backlog.get("text").asText()).isEqualTo("10,000+");
  }

  @Test
  void tellsTheUsedShareOfTheRateLimit() {
    LaneKey webhook = fixture.webhook(2);
    for (Delivery delivery : fixture.publish("a.b", 5)) {
      fixture.record(fixture.answered(webhook, delivery, 200));
    }
    fixture.now = fixture.now.plusSeconds(120);

    JsonNode use = stats(webhook, "").get("rate_limit");

    assertThat(use.get("limit").asInt()).isEqualTo(2);
    assertThat(use.get("used_share").asDouble()).isEqualTo(0.5); // 5 of 2 × 5
  }

  @Test
  void addsHoursUpOnceTheyAreOverAndTellsThemTheSameBeforeAndAfter() {
    LaneKey webhook = fixture.webhook(60);
    for (Delivery delivery : fixture.publish("a.b", 4)) {
      fixture.record(fixture.answered(webhook, delivery, 200));
      fixture.now = fixture.now.plusSeconds(1200);
    }
    String range = "?since=2026-06-15T00:00:00Z&until=2026-06-15T12:00:00Z";
    JsonNode before = stats(webhook, range);

    fixture.now = Instant.parse("2026-06-15T12:05:00Z"); // too early for the hour of 11
    addUp();
    assertThat(hours()).isEqualTo(1);
    assertThat(stats(webhook, range)).isEqualTo(before);
    fixture.now = Instant.parse("2026-06-15T12:15:00Z");
    addUp();
    addUp();

    assertThat(hours()).isEqualTo(2);
    assertThat(fixture.count("SELECT sum(answered_2xx) FROM webhook_hour")).isEqualTo(4);
    assertThat(before.at("/attempts/total").asInt()).isEqualTo(4);
    assertThat(before.get("step").asText()).isEqualTo("hour");
    assertThat(before.get("series")).hasSize(2);
    fixture.update("DELETE FROM webhook_minute");
    assertThat(stats(webhook, range)).isEqualTo(before);
  }

  @Test
  void leavesAnAttemptThatIsStillUnderWayUncounted() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");
    Outcome ended = fixture.answered(webhook, delivery, 200);
    Outcome open =
        new Outcome(
            webhook,
            delivery,
            new Attempt(
                ended.attempt().id(), 1, fixture.now, fixture.now, 1, java.util.Optional.empty()),
            new Verdict.LeftOpen(fixture.now.plusSeconds(15), 0),
            java.util.Optional.empty(),
            FailureRun.Change.NONE,
            fixture.noRun());

    fixture.record(open);
    assertThat(stats(webhook, "").at("/attempts/total").asInt()).isZero();
    fixture.record(ended);
    assertThat(stats(webhook, "").at("/attempts/total").asInt()).isEqualTo(1);
  }

  @Test
  void publishingTouchesNoCounts() {
    fixture.webhook(60);

    fixture.publish("a.b", 10);

    assertThat(fixture.count("SELECT count(*) FROM webhook_minute")).isZero();
  }

  @Test
  void refusesRangesThatAreNone() {
    LaneKey webhook = fixture.webhook(60);
    String path = "/webhooks/" + webhook.publicId() + "/stats";

    assertThat(
            fixture
                .api()
                .get(path + "?since=2026-06-15T10:00:00Z&until=2026-06-15T10:00:00Z")
                .faults())
        .containsExactly("since out_of_range");
    assertThat(fixture.api().get(path + "?since=2020-06-15T10:00:00Z").faults())
        .containsExactly("since out_of_range");
  }

  private void addUp() {
    fixture.database.inTransaction(transaction -> {
      RollUps.addUpHours(transaction, fixture.now);
      return null;
    });
  }

  private long hours() {
    return fixture.count("SELECT count(*) FROM webhook_hour");
  }

  private JsonNode stats(LaneKey webhook, String query) {
    return withoutNow(
        fixture.api().get("/webhooks/" + webhook.publicId() + "/stats" + query).json());
  }

  private static JsonNode withoutNow(JsonNode reply) {
    return reply.get("stats");
  }
}
