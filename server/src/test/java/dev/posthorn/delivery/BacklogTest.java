package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a backlog costs, and that it keeps to the pace whatever happens meanwhile. */
final class BacklogTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int WAITING = 1_000_000;
  private static final long MIB = 1 << 20;

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void aMillionWaitingCostsNoMemoryAndNobodyElse() {
    long slow = fixture.webhook(receiver.url("/slow"), 60);
    fixture.database.inTransaction(transaction -> {
      fill(transaction, slow);
      return null;
    });
    long before = liveHeap();

    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);
    await().atMost(SOON).until(() -> receiver.received("/slow").size() == 60);
    long healthy = fixture.webhook(receiver.url("/healthy"), 1_000_000);
    engine.handOver(EngineFixture.handedOver(fixture.publish(200)));

    await().atMost(SOON).until(() -> fixture.count(healthy, "succeeded") == 200);
    assertThat(liveHeap() - before).as("bytes held for the backlog").isLessThan(64 * MIB);
    assertThat(receiver.received("/slow")).hasSize(60);
  }

  @Test
  void aRunWithBacklogRetriesAndARestartKeepsToThePace() {
    int limit = 45;
    fixture.webhook(receiver.url("/hook"), limit);
    AtomicInteger requests = new AtomicInteger();
    receiver.answer(request -> {
      int status = requests.incrementAndGet() % 3 == 0 ? 500 : 200;
      return new RecordingReceiver.Answer(status, List.of());
    });
    fixture.publish(100);

    DeliveryEngine first = fixture.start(QuickSettings.retries(5));
    await().atMost(SOON).until(() -> receiver.received().size() >= 20);
    first.stop(Duration.ofSeconds(10));
    fixture.start(QuickSettings.retries(5));

    await().atMost(SOON).until(() -> receiver.received().size() == limit);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .until(() -> WindowCheck.worstOf(receiver.received()) == limit);
    assertThat(
            receiver.received().stream()
                .filter(request -> !request.header("webhook-attempt").equals("1")))
        .as("retries among them")
        .isNotEmpty();
  }

  private static void fill(Handle transaction, long webhook) {
    transaction.execute(
        "CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS"
            + " SELECT new_event_id() AS id FROM generate_series(1, ?)",
        WAITING);
    transaction.execute(
        "INSERT INTO event (account_id, id, type, payload, created_at)"
            + " SELECT 1, id, 'test.event', '{}', now() FROM waiting");
    transaction.execute(
        "INSERT INTO delivery (account_id, webhook_id, event_id, due_at)"
            + " SELECT 1, ?, id, now() FROM waiting",
        webhook);
  }

  /** What is reachable, after the collector has looked. */
  private static long liveHeap() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
