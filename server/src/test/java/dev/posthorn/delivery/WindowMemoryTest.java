package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.egress.UrlRule;
import dev.posthorn.signing.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WindowMemoryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration UNCLEAN = Duration.ofSeconds(15).plus(RateWindow.HOLD);

  @Test
  void countsWhatTheLogHoldsForTheWebhookAndNothingElse() {
    WindowMemory memory =
        memory(
            Map.of(
                7L,
                Collections.nCopies(10, NOW.plusSeconds(30)),
                263L,
                List.of(NOW.plusSeconds(9))),
            List.of());

    assertThat(memory.windowOf(target(7, 60), NOW).taken(NOW)).isEqualTo(10);
    assertThat(memory.windowOf(target(263, 60), NOW).taken(NOW)).isEqualTo(1);
    assertThat(memory.windowOf(target(519, 60), NOW).taken(NOW)).isZero();
    assertThat(memory.windowOf(target(7, 60), NOW).taken(NOW.plusSeconds(30))).isZero();
  }

  @Test
  void anUncleanTakeoverCountsWhatCouldBeInFlightTwiceUntilTheDeadlineAndEachOneAdds() {
    AttemptLog.Doubt first = new AttemptLog.Doubt(NOW.minusSeconds(10), false);
    AttemptLog.Doubt second = new AttemptLog.Doubt(NOW, false);
    RateWindow window = memory(Map.of(), List.of(first, second)).windowOf(target(7, 60), NOW);

    assertThat(window.taken(NOW)).isEqualTo(16);
    assertThat(window.taken(NOW.minusSeconds(10).plus(UNCLEAN))).isEqualTo(8);
    assertThat(window.taken(NOW.plus(UNCLEAN))).isZero();
  }

  @Test
  void aClockThatSteppedLeavesNoPlaceFor61Seconds() {
    AttemptLog.Doubt stepped = new AttemptLog.Doubt(NOW, true);
    RateWindow window = memory(Map.of(), List.of(stepped)).windowOf(target(7, 60), NOW);

    assertThat(window.tryTake(NOW.plusSeconds(60))).isFalse();
    assertThat(window.tryTake(NOW.plusSeconds(61))).isTrue();
  }

  @Test
  void aTimeFurtherAheadThanAnyCanBeCountsFromNow() {
    RateWindow window =
        memory(
                Map.of(7L, List.of(NOW.plus(Duration.ofDays(1)))),
                List.of(new AttemptLog.Doubt(NOW.plus(Duration.ofDays(1)), false)))
            .windowOf(target(7, 15), NOW);

    assertThat(window.taken(NOW)).isEqualTo(3);
    assertThat(window.taken(NOW.plus(UNCLEAN))).isZero();
  }

  @Test
  void forgetsWhatNoLongerCounts() {
    WindowMemory memory =
        memory(Map.of(7L, List.of(NOW.plusSeconds(30))), List.of(new AttemptLog.Doubt(NOW, false)));

    assertThat(memory.at(NOW.plusSeconds(29)).held()).hasSize(1);
    assertThat(memory.at(NOW.plusSeconds(30)).held()).isEmpty();
    assertThat(memory.at(NOW.plusSeconds(30)).doubts()).hasSize(1);
    assertThat(memory.at(NOW.plus(UNCLEAN)).doubts()).isEmpty();
  }

  private static WindowMemory memory(Map<Long, List<Instant>> held, List<AttemptLog.Doubt> doubts) {
    return WindowMemory.of(
        7, new AttemptLog.Recent(held, Map.of(7, doubts)), DeliverySettings.DEFAULTS);
  }

  private static LaneTarget target(long webhook, int rateLimit) {
    return new LaneTarget(
        new LaneKey(1, webhook, new UUID(0, webhook)),
        new UrlRule.Refused("refused", "no url is needed"),
        List.of(),
        Signer.of(List.of(EngineFixture.accepted(EngineFixture.SECRET))),
        rateLimit,
        LaneTarget.State.ENABLED,
        Optional.empty(),
        FailureRun.State.NO_FAILURE,
        1);
  }
}
