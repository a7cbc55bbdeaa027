package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthorn.event.PublishedEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of a lane's deliveries, when the database or a thread fails. */
final class IntentWorkTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final UUID FIRST = new UUID(0, 0);

  @AutoClose private final LaneFixture fixture = new LaneFixture();
  private UUID last = FIRST;
  private Lane lane;

  @BeforeEach
  void publishThreeEvents() {
    long webhook = fixture.engines.webhook("http://127.0.0.1:1/hook", 60);
    List<PublishedEvent> events = fixture.engines.publish(3);
    last = events.getLast().event().id();
    lane = fixture.lane(webhook);
  }

  @Test
  void whoWasTurnedAwayDoesNotWaitForeverWhenTheReadingFails() {
    IntentWork work = work(fixture.engines.clock);
    ask(Intent.Kind.SKIP, "pending");
    fixture.engines.update("ALTER TABLE intent RENAME TO away");
    assertThatThrownBy(() -> work.carryOutAll(lane)).isInstanceOf(RuntimeException.class);

    work.carryOutAll(lane); // somebody else is at it
    fixture.engines.update("ALTER TABLE away RENAME TO intent");

    awaitCarriedOut();
    assertThat(fixture.engines.count(lane.key().webhookId(), "cancelled")).isEqualTo(3);
  }

  @Test
  void aSliceThatFailsByAnErrorIsCarriedOutLater() {
    AtomicBoolean failed = new AtomicBoolean();
    IntentWork work =
        work(() -> {
          if (failed.compareAndSet(false, true)) {
            throw new StackOverflowError();
          }
          return fixture.engines.clock.instant();
        });
    ask(Intent.Kind.SKIP, "pending");

    assertThatThrownBy(() -> work.carryOutAll(lane)).isInstanceOf(StackOverflowError.class);

    awaitCarriedOut();
    await().atMost(SOON).until(() -> !lane.intents().isRunning());
  }

  @Test
  void aSkipThatIsDoneWithoutAnAnswerHoldsNothingBack() {
    IntentWork work = work(fixture.engines.clock);
    ask(Intent.Kind.SKIP, "pending");
    work.enforceSkips(lane);
    assertThat(lane.skippingTo()).contains(last);
    fixture.engines.update("UPDATE intent SET done_at = now()");

    work.carryOutAll(lane);

    await().atMost(SOON).until(() -> lane.skippingTo().isEmpty());
  }

  @Test
  void whoAsksWhileASkipWaitsForTheLastAttemptSetsNoFurtherTimer() throws IOException {
    IntentWork work = work(fixture.engines.clock);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/hook";
      lane = fixture.lane(fixture.engines.webhook(url, 60));
      last = fixture.engines.publish(1).getLast().event().id();
      fixture.renewLease();
      lane.open();
      await().atMost(SOON).until(() -> lane.inFlight() == 1);
      ask(Intent.Kind.SKIP, "pending");

      for (int time = 0; time < 10; time++) {
        work.carryOutAll(lane);
      }

      assertThat(fixture.workers.waiting()).as("one, and the lane's alarm").isLessThanOrEqualTo(2);
      assertThat(lane.intents().isRunning()).isTrue();
    }
  }

  private IntentWork work(InstantSource clock) {
    return new IntentWork(fixture.database(), fixture.queue(), fixture.workers, clock);
  }

  private void ask(Intent.Kind kind, String state) {
    Instant now = fixture.engines.clock.instant();
    Intent intent =
        new Intent(fixture.engines.ids.next(), kind, FIRST, last, List.of(state), Optional.empty());
    fixture.database().useHandle(handle -> Intents.add(handle, lane.key(), intent, now));
  }

  private void awaitCarriedOut() {
    await()
        .atMost(SOON)
        .until(() ->
            fixture.engines.one(Long.class, "SELECT count(*) FROM intent WHERE done_at IS NULL")
                == 0);
  }
}
