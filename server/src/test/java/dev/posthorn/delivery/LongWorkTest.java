package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Long work for some webhooks leaves the database to the lanes of the others. */
final class LongWorkTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void recoveriesLeaveTheFetchesOfOthersAlone() {
    DeliveryEngine engine = startOwner();
    List<Long> webhooks = webhooks("failed");

    try (Handle locks = lockDeliveries()) {
      for (long webhook : webhooks) {
        recover(webhook);
        engine.carryOut(EngineFixture.ACCOUNT, webhook);
      }
      awaitWaitingForLocks();

      assertThatAnotherIsSentTo(engine);
      locks.rollback();
    }

    await()
        .atMost(SOON)
        .until(() -> webhooks.stream().allMatch(webhook -> fixture.count(webhook, "failed") == 0));
  }

  @Test
  void cancellationsLeaveTheFetchesOfOthersAlone() {
    DeliveryEngine engine = startOwner();
    List<Long> webhooks = webhooks("pending");

    try (Handle locks = lockDeliveries()) {
      for (long webhook : webhooks) {
        long revision = fixture.change(webhook, "deleted_at = now(), collect_until = '-infinity'");
        fixture.follow(engine, webhook, revision);
      }
      awaitWaitingForLocks();

      assertThatAnotherIsSentTo(engine);
      locks.rollback();
    }

    await()
        .atMost(SOON)
        .until(
            () -> webhooks.stream().allMatch(webhook -> fixture.count(webhook, "cancelled") == 1));
  }

  private DeliveryEngine startOwner() {
    DeliveryEngine engine = fixture.start(QuickSettings.retries(1));
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    return engine;
  }

  /** As many as there are fetches at once, each with one delivery; the lanes are quiet. */
  private List<Long> webhooks(String state) {
    List<Long> webhooks =
        IntStream.range(0, 4).mapToObj(i -> fixture.webhook(receiver.url("/long"), 1_000)).toList();
    fixture.update("UPDATE webhook SET enabled = " + state.equals("failed"));
    fixture.database.inTransaction(transaction -> {
      fixture.publish(transaction, 1);
      return transaction.execute("UPDATE delivery SET state = CAST(? AS delivery_state)", state);
    });
    return webhooks;
  }

  private Handle lockDeliveries() {
    Handle locks = fixture.database.session();
    locks.execute("SET idle_in_transaction_session_timeout = 0");
    locks.begin();
    assertThat(locks.select("SELECT 1 FROM delivery FOR UPDATE").mapTo(Integer.class).list())
        .hasSize(4);
    return locks;
  }

  private void recover(long webhook) {
    LaneKey key =
        new LaneKey(
            EngineFixture.ACCOUNT,
            webhook,
            fixture.one(UUID.class, "SELECT public_id FROM webhook WHERE id = ?", webhook));
    Intent intent =
        new Intent(
            fixture.ids.next(),
            Intent.Kind.RECOVER,
            FIRST,
            LAST,
            List.of("failed"),
            Optional.empty());
    fixture.database.useHandle(handle -> Intents.add(handle, key, intent, fixture.clock.instant()));
  }

  private void awaitWaitingForLocks() {
    await()
        .atMost(SOON)
        .until(() ->
            fixture.one(
                    Long.class,
                    "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE delivery%'")
                >= 2);
  }

  private void assertThatAnotherIsSentTo(DeliveryEngine engine) {
    long other = fixture.webhook(receiver.url("/other"), 1_000);
    fixture.publish(1);
    engine.sweep();
    await().atMost(SOON).until(() -> fixture.count(other, "succeeded") == 1);
  }
}
