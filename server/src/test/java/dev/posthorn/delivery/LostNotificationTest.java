package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was published from SQL comes at once when it is heard of, and when it is not, too. */
final class LostNotificationTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration PROMISED = Duration.ofMillis(100);
  private static final String PUBLISH = "SELECT posthorn.publish(1, 'invoice.paid', '{}')";

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();
  private long webhook;

  @BeforeEach
  void makeAWebhook() {
    fixture.update(
        "INSERT INTO event_type (account_id, name, created_at, updated_at)"
            + " VALUES (1, 'invoice.paid', now(), now())");
    webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
  }

  @Test
  void isOnItsWayWithin100MillisecondsOfTheCommit() {
    DeliveryEngine engine = fixture.start(seldomSwept());
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    for (int warm = 1; warm <= 5; warm++) { // makes the lane, opens connections, plans statements
      fixture.update(PUBLISH);
      awaitSucceeded(warm);
    }

    long committed = System.nanoTime();
    fixture.update(PUBLISH);

    awaitSucceeded(6);
    assertThat(Duration.ofNanos(receiver.received().getLast().arrivedNanos() - committed))
        .isLessThan(PROMISED.multipliedBy(5));
  }

  @Test
  void isFoundByTheNextSweepWhenTheNotificationIsLost() {
    DeliveryEngine engine = fixture.start(seldomSwept());
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    fixture.update(PUBLISH);
    awaitSucceeded(1);

    // Publishes as the function does, but nobody is called: as when the call was lost on its way.
    fixture.database.useHandle(LostNotificationTest::publishUnheard);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(() -> fixture.count(webhook, "pending") == 1);
    engine.sweep();

    awaitSucceeded(2);
  }

  @Test
  void isFoundWhenTheListenerThatWasCutListensAgain() {
    DeliveryEngine engine = fixture.startNode("node_n1", seldomSwept());
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    fixture.update(PUBLISH);
    awaitSucceeded(1);

    fixture.cut("node_n1");
    fixture.update(PUBLISH); // nobody listens
    fixture.mend("node_n1");

    awaitSucceeded(2);
  }

  @Test
  void isFoundWhenTheNodeThatDidNotCallIsGone() {
    DeliveryEngine owner = fixture.startNode("node_n2", seldomSwept());
    await().atMost(SOON).until(() -> owner.ownedShards() == 256);
    DeliveryEngine publisher = fixture.startNode("node_n3", seldomSwept());
    await().atMost(SOON).until(() -> owner.ownedShards() == 128 && publisher.ownedShards() == 128);
    fixture.update("ALTER SEQUENCE webhook_id RESTART WITH 200"); // in the upper shards
    long ofOwner = fixture.webhook(receiver.url("/hook"), 1_000_000);
    assertThat(fixture.webhooksOfOwner("node_n2")).contains(ofOwner);
    fixture.database.useHandle(LostNotificationTest::publishUnheard);

    fixture.cut("node_n3");

    await().atMost(SOON).until(() -> fixture.count(ofOwner, "succeeded") == 1);
  }

  private static void publishUnheard(Handle handle) {
    handle.useTransaction(transaction -> {
      // In front of PostgreSQL's own for this transaction, and undone before it commits.
      transaction.execute(
          "CREATE FUNCTION posthorn.pg_notify(text, text) RETURNS void LANGUAGE sql AS ''");
      transaction.execute(
          "ALTER FUNCTION posthorn.store_event SET search_path = posthorn, pg_catalog, pg_temp");
      transaction.execute(PUBLISH);
      transaction.execute(
          "ALTER FUNCTION posthorn.store_event SET search_path = posthorn, pg_temp");
      transaction.execute("DROP FUNCTION posthorn.pg_notify(text, text)");
    });
  }

  private void awaitSucceeded(long count) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> fixture.count(webhook, "succeeded") == count);
  }

  private static DeliverySettings seldomSwept() {
    DeliverySettings quick = QuickSettings.retries(9);
    return new DeliverySettings(
        quick.schedule(),
        32,
        256,
        Duration.ofSeconds(15),
        Duration.ofDays(5),
        Duration.ofHours(1),
        BufferLimits.DEFAULTS);
  }
}
