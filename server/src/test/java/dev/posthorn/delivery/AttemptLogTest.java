package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a node reads of others' attempts before it sends. */
final class AttemptLogTest {
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  @AutoClose private final EngineFixture fixture = new EngineFixture();

  @Test
  void findsAPlaceThatIsHeldByARequestThatBeganAsLongAgoAsCanBe() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    NewEvent event = fixture.publish(1).getFirst().event();
    Instant began = fixture.clock.instant();
    Instant written = began.plus(DEADLINE); // it waited for its slot
    Instant endedBy = written.plus(DEADLINE).plus(DEADLINE); // left open when it had almost ended
    Instant holdsUntil = endedBy.plus(RateWindow.HOLD);
    record(webhook, event, began, holdsUntil);

    AttemptLog.Recent recent =
        new AttemptLog(fixture.database, DEADLINE)
            .recent(List.of((int) (webhook % 256)), holdsUntil.minusMillis(1));

    assertThat(recent.held()).containsOnlyKeys(webhook);
  }

  private void record(long webhook, NewEvent event, Instant began, Instant holdsUntil) {
    UUID id = TimeOrderedIds.lowestAt(began);
    Outcome open =
        new Outcome(
            new LaneKey(EngineFixture.ACCOUNT, webhook, new UUID(0, 1)),
            Delivery.fresh(event.id(), event.type(), event.payload(), event.createdAt()),
            new Attempt(id, 1, began, holdsUntil, 1, Optional.empty()),
            new Verdict.LeftOpen(holdsUntil, 0),
            Optional.empty(),
            FailureRun.Change.NONE,
            new FailureRun(Duration.ofDays(5), FailureRun.State.NO_FAILURE));
    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      recorder.record(open);
    }
  }
}
