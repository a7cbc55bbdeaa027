package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.DistributionRules;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.StatementWatch;
import dev.posthorn.delivery.RecordingReceiver.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every statement that the way of an event executes can be distributed by account. The statements
 * are not listed: what the server was asked while the engine did all that it does is looked at.
 */
final class HotStatementsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @AutoClose private final ActionFixture fixture = new ActionFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();
  private final AtomicBoolean fails = new AtomicBoolean();

  @AutoClose private final StatementWatch watch = StatementWatch.on(fixture.engines.database);

  @BeforeEach
  void startAnew() {
    receiver.answer(request -> new Answer(fails.get() ? 500 : 200, List.of()));
    // Only new connections are watched: the pools are made to open theirs anew.
    fixture
        .engines
        .postgres
        .database()
        .useHandle(handle ->
            handle.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    // A pool looks whether a connection lives once it has been idle for half a second.
    await()
        .ignoreExceptions()
        .during(Duration.ofMillis(700))
        .atMost(SOON)
        .until(() -> fixture.engines.database.time() != null);
  }

  @Test
  void canBeDistributedByAccount() {
    ActionFixture.Node node =
        fixture.start(QuickSettings.retries(2), false, Duration.ofSeconds(10));
    await().atMost(SOON).until(() -> node.engine().ownedShards() == 256);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);

    publishInEveryWay(node, webhook);
    failRecoverSkipAndCancel(node, webhook);
    keepHouse();

    assertSawTheWholeWay(watch.seen());
    assertThat(broken(watch.seen())).isEmpty();
  }

  private void publishInEveryWay(ActionFixture.Node node, long webhook) {
    node.engine().handOver(EngineFixture.handedOver(fixture.engines.publish(5)));
    fixture.engines.update(
        "INSERT INTO event_type (account_id, name, created_at, updated_at)"
            + " VALUES (1, 'invoice.paid', now(), now())");
    fixture.engines.update("SELECT posthorn.publish(1, 'invoice.paid', '{}')");
    awaitCount(webhook, "succeeded", 6);
  }

  private void failRecoverSkipAndCancel(ActionFixture.Node node, long webhook) {
    fails.set(true);
    node.engine().handOver(EngineFixture.handedOver(fixture.engines.publish(3)));
    awaitCount(webhook, "failed", 3);
    fails.set(false);
    post(node, webhook, "recover", "{\"since\": \"" + fixture.now().minusSeconds(600) + "\"}");
    post(node, webhook, "test", "{\"event_type\": \"contact.create\"}");
    awaitCount(webhook, "failed", 0);
    awaitCount(webhook, "pending", 0);
    post(node, webhook, "disable", "{}");
    fixture.engines.publish(2);
    post(node, webhook, "skip", "{}");
    awaitCount(webhook, "pending", 0);
    node.api().get(fixture.path(webhook) + "/stats");
    node.api().get(fixture.path(webhook) + "/deliveries");
    fixture.engines.publish(2);
    node.api().delete(fixture.path(webhook));
    awaitCount(webhook, "pending", 0);
  }

  private void post(ActionFixture.Node node, long webhook, String action, String inner) {
    String body = "{\"" + action + "\": " + inner + "}";
    assertThat(node.api().post(fixture.path(webhook) + "/" + action, body).status())
        .as(action)
        .isBetween(200, 299);
  }

  /** Another node takes over, and what is old is looked through. */
  private void keepHouse() {
    fixture.engines.stopAll();
    new Housekeeping(
            fixture.engines.database,
            new Partitions(fixture.engines.database),
            fixture.engines.clock,
            Duration.ofDays(2))
        .runOnce();
  }

  private void awaitCount(long webhook, String state, long count) {
    await().atMost(SOON).until(() -> fixture.engines.count(webhook, state) == count);
  }

  /** What would go unseen if the watch or the run lost a part of the way. */
  private static void assertSawTheWholeWay(Set<String> seen) {
    for (String part :
        List.of(
            "VALUES (event_account, event_id",
            "INSERT INTO attempt",
            "UPDATE delivery d",
            "INSERT INTO webhook_minute",
            "INSERT INTO webhook_hour",
            "FROM webhook w\nCROSS JOIN LATERAL",
            "INSERT INTO intent",
            "SELECT webhook_id, holds_until FROM attempt",
            "state = 'cancelled'",
            "DELETE FROM webhook w")) {
      assertThat(seen).as(part).anyMatch(sql -> sql.contains(part));
    }
  }

  private static Map<String, List<String>> broken(Set<String> seen) {
    return seen.stream()
        .filter(sql -> !sql.contains("pg_catalog.") && !sql.startsWith("EXPLAIN"))
        .map(sql -> Map.entry(sql, DistributionRules.broken(sql)))
        .filter(entry -> !entry.getValue().isEmpty())
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }
}
