package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.delivery.RecordingReceiver.Answer;
import dev.posthorn.delivery.RecordingReceiver.Received;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Restarts of the engine and of its database, in the middle of work. */
final class RestartTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final DeliverySettings SETTINGS = QuickSettings.retries(9);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void anOrderlyRestartLosesNothingAndSendsNothingTwice() {
    receiver.answer(request -> slowly(Duration.ofMillis(10)));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(3_000);
    for (int restart = 1; restart <= 3; restart++) {
      int seen = restart * 100;
      DeliveryEngine engine = fixture.start(SETTINGS, false);
      await().atMost(SOON).until(() -> receiver.received().size() > seen);
      engine.stop(Duration.ofSeconds(10));
      assertThat(engine.inFlight()).isZero();
    }
    receiver.answerStatus(200);
    fixture.start(SETTINGS, false);

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 3_000);

    assertThat(receiver.received().stream().map(Received::id)).doesNotHaveDuplicates();
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM shard_doubt")).isZero();
  }

  @Test
  void whatIsStillOpenWhenTheNodeStopsIsLeftToTheNextOneAfterItsDeadline() {
    CountDownLatch released = new CountDownLatch(1);
    receiver.answer(request -> {
      awaitLatch(released, Duration.ofSeconds(30));
      return new Answer(200, List.of());
    });
    long webhook = fixture.webhook(receiver.url("/hangs"), 60);
    fixture.publish(2);
    DeliveryEngine engine = fixture.start(SETTINGS, false);
    await().atMost(SOON).until(() -> receiver.received().size() == 1);

    engine.stop(Duration.ofMillis(200));

    assertThat(
            fixture.one(
                Boolean.class,
                "SELECT due_at > now() + interval '5 s' FROM delivery WHERE retry AND state = 'pending'"))
        .isTrue();
    assertThat(fixture.one(String.class, "SELECT outcome FROM attempt")).isEqualTo("open");
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM shard WHERE NOT released")).isZero();
    assertThat(fixture.count(webhook, "pending")).isEqualTo(2);
    released.countDown();
  }

  @Test
  void outcomesOutlastARestartOfTheDatabase() {
    receiver.answer(request -> slowly(Duration.ofMillis(2)));
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    DeliveryEngine engine = fixture.startNode("node_r1", SETTINGS);
    fixture.publish(4_000);
    for (int cut = 1; cut <= 3; cut++) {
      int seen = cut * 300;
      await().atMost(SOON).until(() -> receiver.received().size() > seen);
      fixture.cutConnections("node_r1");
    }

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 4_000);

    assertThat(receiver.received().stream().map(Received::id)).doesNotHaveDuplicates();
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM attempt")).isEqualTo(4_000);
    assertThat(engine.ownedShards()).isEqualTo(256);
  }

  @Test
  void aFailureThatComesLateDoesNotUnsettleASuccess() {
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    UUID event = fixture.publish(1).getFirst().event().id();
    LaneKey lane = new LaneKey(EngineFixture.ACCOUNT, webhook, new UUID(0, 1));
    Delivery delivery = Delivery.fresh(event, "test.event", new byte[0], fixture.clock.instant());
    Recorder recorder = new Recorder(fixture.database, 1, fixture.clock);

    recorder.record(outcome(lane, delivery, 1, new Verdict.Succeeded()));
    recorder.record(
        outcome(lane, delivery, 2, new Verdict.Retry(fixture.clock.instant().plusSeconds(5), 1)));
    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(1);

    fixture.update("UPDATE delivery SET state = 'pending', attempts = 3, settled_at = NULL");
    recorder.record(outcome(lane, delivery, 2, new Verdict.GaveUp(2)));
    assertThat(fixture.count(webhook, "pending")).isEqualTo(1);
    recorder.record(outcome(lane, delivery, 2, new Verdict.Succeeded()));
    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(1);
    assertThat(fixture.one(Integer.class, "SELECT attempts FROM delivery")).isEqualTo(3);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM attempt")).isEqualTo(4);
    recorder.close();
  }

  @Test
  void aThousandWebhooksAreServedFromOneBacklog() {
    for (int i = 0; i < 1_000; i++) {
      fixture.webhook(receiver.url("/hook"), 1_000_000);
    }
    fixture.publish(3);

    DeliveryEngine engine = fixture.start(SETTINGS);

    await()
        .atMost(SOON)
        .until(() ->
            fixture.one(Long.class, "SELECT count(*) FROM delivery WHERE state = 'succeeded'")
                == 3_000);
    assertThat(receiver.received()).hasSize(3_000);
    await().atMost(SOON).until(() -> engine.inFlight() == 0);
  }

  @Test
  void nameServersThatHangHoldNoSlot() {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      fixture.webhook("http://hangs" + i + ".example.com/hook", 1_000);
    }
    fixture.publish(1);
    DeliverySettings fewSlots =
        new DeliverySettings(
            SETTINGS.schedule(),
            32,
            4,
            SETTINGS.exchangeDeadline(),
            SETTINGS.disableAfter(),
            SETTINGS.sweepInterval(),
            SETTINGS.buffers());
    DeliveryEngine engine =
        fixture.start(
            fewSlots,
            host -> {
              awaitLatch(never, Duration.ofSeconds(30));
              return new InetAddress[] {InetAddress.getLoopbackAddress()};
            });
    await().atMost(SOON).until(() -> engine.inFlight() == 20);

    long healthy = fixture.webhook(receiver.url("/hook"), 1_000);
    engine.handOver(EngineFixture.handedOver(fixture.publish(1)));

    await().atMost(SOON).until(() -> fixture.count(healthy, "succeeded") == 1);
    never.countDown();
  }

  private Outcome outcome(LaneKey lane, Delivery delivery, int number, Verdict verdict) {
    Instant now = fixture.clock.instant();
    UUID id =
        new UUID(
            dev.posthorn.db.TimeOrderedIds.lowestAt(now).getMostSignificantBits(),
            new Random().nextLong());
    return new Outcome(
        lane,
        delivery,
        new Attempt(id, number, now, now, 1, Optional.empty()),
        verdict,
        Optional.empty(),
        FailureRun.Change.NONE,
        new FailureRun(Duration.ofDays(5), FailureRun.State.NO_FAILURE));
  }

  private static Answer slowly(Duration time) {
    awaitLatch(new CountDownLatch(1), time);
    return new Answer(200, List.of());
  }

  private static void awaitLatch(CountDownLatch latch, Duration atMost) {
    try {
      var _ = latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
