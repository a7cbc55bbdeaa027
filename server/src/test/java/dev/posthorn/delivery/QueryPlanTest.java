package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.db.Partitions;
import dev.posthorn.db.TimeOrderedIds;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine's statements find their rows by index, in empty partitions as in full ones. */
final class QueryPlanTest {
  @AutoClose private final EngineFixture fixture = new EngineFixture();
  private long webhook;

  @BeforeEach
  void aHistory() {
    webhook = fixture.webhook("http://127.0.0.1:9/hook", 60);
    fixture.publish(3_000);
    fixture.update("UPDATE delivery SET state = 'succeeded' WHERE due_at < now()");
    fixture.publish(50);
    fixture.update("ANALYZE");
  }

  @Test
  void aFetchReadsTheIndexOfWhatIsPending() {
    assertFetchesReadOnlyWhatIsPending();
  }

  private void assertFetchesReadOnlyWhatIsPending() {
    assertReadsOnlyWhatIsPending(
        DeliveryQueue.DUE,
        Map.of(
            "account",
            EngineFixture.ACCOUNT,
            "webhook",
            webhook,
            "retry",
            false,
            "dueBy",
            DeliveryQueue.utc(Instant.parse("9999-01-01T00:00:00Z")),
            "dueAt",
            DeliveryQueue.utc(Instant.EPOCH),
            "eventId",
            new UUID(0, 0),
            "rows",
            500,
            "bytes",
            1_000_000L));
    assertReadsOnlyWhatIsPending(
        DeliveryQueue.NEXT_RETRY,
        Map.of(
            "account",
            EngineFixture.ACCOUNT,
            "webhook",
            webhook,
            "after",
            DeliveryQueue.utc(now())));
  }

  @Test
  void theSweepProbesTheIndexOfWhatIsPending() {
    Partitions.Day today = today();
    assertSweepReadsOnlyWhatIsPending(today);
    Map<String, Object> day = Map.of("from", today.from(), "to", today.to());
    assertReadsOnlyWhatIsPending(DeliveryQueue.HAS_PENDING, day);

    fixture.publish(2_000); // many, but all of them behind what is settled
    fixture.update("ANALYZE");
    assertReadsOnlyWhatIsPending(DeliveryQueue.HAS_PENDING, day);
  }

  @Test
  void neitherSweepNorFetchReadsAllThatABusyWebhookEverGot() {
    fixture.update(
        "INSERT INTO account (id, name) SELECT id, '' FROM generate_series(2, 100) AS id");
    fixture.update(
        """
        INSERT INTO webhook (account_id, public_id, url, secret, rate_limit, created_at, updated_at)
        SELECT id, gen_random_uuid(), 'http://receiver.example/', '', 60, now(), now() FROM account WHERE id > 1
        """);
    fixture.update(
        """
        INSERT INTO delivery (account_id, webhook_id, event_id, state, retry, due_at)
        SELECT account_id, id, uuidv7(), 'succeeded', true, now() FROM webhook, generate_series(1, 100)
        """);
    fixture.update(
        """
        INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
        SELECT account_id, id, uuidv7(), now() FROM webhook, generate_series(1, 300) WHERE account_id < 20
        """);
    fixture.update("ANALYZE");

    assertSweepReadsOnlyWhatIsPending(today());
    assertFetchesReadOnlyWhatIsPending();
  }

  @Test
  void aTakeoverReadsTheEndOfTheLogAndACancellationWhatIsPending() {
    assertUsesIndexes(
        AttemptLog.HELD,
        Map.of(
            "since", TimeOrderedIds.lowestAt(now().minusSeconds(90)),
            "now", DeliveryQueue.utc(now()),
            "shards", List.of(1, 2, 3)));
    assertReadsOnlyWhatIsPending(
        Cancellation.CANCEL,
        Map.of(
            "account",
            EngineFixture.ACCOUNT,
            "webhook",
            webhook,
            "slice",
            1_000,
            "now",
            DeliveryQueue.utc(now())));
  }

  private void assertSweepReadsOnlyWhatIsPending(Partitions.Day day) {
    assertReadsOnlyWhatIsPending(
        DeliveryQueue.WEBHOOKS_WITH_WORK,
        Map.of(
            "shards", List.of(1, 2, 3),
            "now", DeliveryQueue.utc(now()),
            "from", day.from(),
            "to", day.to()));
  }

  private Partitions.Day today() {
    return Partitions.Day.of(LocalDate.ofInstant(now(), ZoneOffset.UTC));
  }

  private Instant now() {
    return fixture.clock.instant();
  }

  private void assertReadsOnlyWhatIsPending(String sql, Map<String, Object> arguments) {
    assertThat(assertUsesIndexes(sql, arguments))
        .contains("_webhook_id_retry_due_at_event_id_idx")
        .doesNotContainPattern("Scan using delivery_\\w+_pkey on delivery_\\w+ delivery");
  }

  private String assertUsesIndexes(String sql, Map<String, Object> arguments) {
    String plan =
        fixture.database.inTransaction(handle -> {
          if (sql.equals(DeliveryQueue.WEBHOOKS_WITH_WORK)) {
            DeliveryQueue.readInOrder(handle);
          }
          Query query = handle.createQuery("EXPLAIN " + sql);
          arguments.forEach((name, value) -> bind(query, name, value));
          return String.join("\n", query.mapTo(String.class).list());
        });
    assertThat(plan).doesNotContainPattern("Seq Scan on (delivery|event|attempt)");
    return plan;
  }

  private static void bind(Query query, String name, Object value) {
    if (value instanceof List<?> list && list.getFirst() instanceof UUID) {
      query.bindArray(name, UUID.class, list);
    } else if (value instanceof List<?> list) {
      query.bindArray(name, Integer.class, list);
    } else {
      query.bind(name, value);
    }
  }
}
