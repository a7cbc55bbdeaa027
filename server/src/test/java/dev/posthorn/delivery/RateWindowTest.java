package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RateWindowTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** A request under way: when its receiver sees it, and when its end is known here. */
  private record Open(Instant seen, Instant ends, boolean written) {}

  @Test
  void noReceiverSeesMoreThanTheLimitWhateverTheNetworkDelays() {
    Seeds.forEach(
        300,
        random -> {
          int limit = limit(random);
          Simulation simulation = new Simulation(new RateWindow(limit), random);

          simulation.run(3_000, () -> {});

          assertThat(WindowCheck.worst(simulation.seen)).isLessThanOrEqualTo(limit);
        });
  }

  @Test
  void aLoweredLimitHoldsAsSoonAsTheWindowHasRoomAndAHigherOneAtOnce() {
    Seeds.forEach(
        200,
        random -> {
          int[] highest = {1};
          Simulation simulation = new Simulation(new RateWindow(1), random);

          simulation.run(
              2_000,
              () -> {
                if (random.nextInt(50) == 0) {
                  int limit = 1 + random.nextInt(60);
                  simulation.window.changeLimit(limit);
                  highest[0] = Math.max(highest[0], limit);
                }
              });

          assertThat(WindowCheck.worst(simulation.seen)).isLessThanOrEqualTo(highest[0]);
        });
  }

  @Test
  void aWindowRebuiltFromWhatIsHeldForgetsNothing() {
    Seeds.forEach(
        300,
        random -> {
          int limit = 1 + random.nextInt(40);
          Simulation before = new Simulation(new RateWindow(limit), random);
          before.run(500, () -> {});
          before.settleAll();

          RateWindow rebuilt = new RateWindow(limit);
          before.seen.forEach(
              seen -> rebuilt.hold(START.plusNanos(seen).plusSeconds(1).plus(RateWindow.HOLD)));
          Simulation after = new Simulation(rebuilt, random);
          after.now = before.now;
          after.seen.addAll(before.seen);
          after.run(500, () -> {});

          assertThat(WindowCheck.worst(after.seen)).isLessThanOrEqualTo(limit);
        });
  }

  @Test
  void aBacklogUsesTheLimitAlmostInFullWhenReceiversAnswerWithinASecond() {
    for (int limit : new int[] {1, 2, 15, 60, 600, 6_000, 1_000_000}) {
      Random random = new Random(limit);
      RateWindow window = new RateWindow(limit);
      PriorityQueue<Instant> answers = new PriorityQueue<>();
      Instant now = START;
      long sent = 0;
      int minutes = limit > 10_000 ? 5 : 30;
      Instant end = START.plus(Duration.ofMinutes(minutes));
      while (now.isBefore(end)) {
        while (!answers.isEmpty() && !answers.peek().isAfter(now)) {
          window.settle(answers.remove());
        }
        while (window.tryTake(now)) {
          answers.add(now.plusMillis(1 + random.nextInt(limit > 10_000 ? 5 : 999)));
          sent++;
        }
        Instant free = window.nextFree(now).orElse(Instant.MAX);
        Instant answer = answers.isEmpty() ? Instant.MAX : answers.peek();
        now = free.isBefore(answer) ? free : answer;
      }
      assertThat(sent)
          .as("limit %d", limit)
          .isGreaterThanOrEqualTo((long) ((long) limit * minutes * 0.95));
    }
  }

  @Test
  void tellsWhenAPlaceIsFreeAndNotEarlier() {
    RateWindow window = new RateWindow(2);
    window.hold(START.plusSeconds(10));
    window.hold(START.plusSeconds(5));
    window.hold(START.plusSeconds(20));

    assertThat(window.nextFree(START)).contains(START.plusSeconds(10));
    assertThat(window.tryTake(START.plusSeconds(9))).isFalse();
    assertThat(window.tryTake(START.plusSeconds(10))).isTrue();
  }

  @Test
  void aRequestThatNeverLeftFreesItsPlace() {
    RateWindow window = new RateWindow(1);
    assertThat(window.tryTake(START)).isTrue();
    assertThat(window.tryTake(START)).isFalse();

    window.giveBack();

    assertThat(window.isIdle(START)).isTrue();
    assertThat(window.tryTake(START)).isTrue();
  }

  private static int limit(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> 1 + random.nextInt(3);
      case 1 -> 1 + random.nextInt(60);
      default -> 1 + random.nextInt(1_000_000);
    };
  }

  /** Takes whenever it may; receivers see a request anywhere between its take and its end. */
  private static final class Simulation {
    private final RateWindow window;
    private final Random random;
    private final PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparing(Open::ends));
    private final List<Long> seen = new ArrayList<>();
    private Instant now = START;

    private Simulation(RateWindow window, Random random) {
      this.window = window;
      this.random = random;
    }

    private void run(int steps, Runnable between) {
      for (int step = 0; step < steps; step++) {
        now = now.plusNanos(random.nextLong(2_000_000_000L));
        between.run();
        settleUntil(now);
        for (int burst = random.nextInt(10); burst > 0 && window.tryTake(now); burst--) {
          open.add(begin());
        }
      }
    }

    private Open begin() {
      long lasts = random.nextBoolean() ? random.nextLong(15_000_000_000L) : 1_000_000L;
      long seenAfter = random.nextLong(lasts + 1);
      return new Open(now.plusNanos(seenAfter), now.plusNanos(lasts), random.nextInt(10) > 0);
    }

    private void settleUntil(Instant until) {
      while (!open.isEmpty() && !open.peek().ends().isAfter(until)) {
        Open ended = open.remove();
        if (ended.written()) {
          seen.add(Duration.between(START, ended.seen()).toNanos());
          window.settle(ended.ends());
        } else {
          window.giveBack();
        }
      }
    }

    private void settleAll() {
      open.stream().map(Open::ends).max(Comparator.naturalOrder()).ifPresent(end -> now = end);
      settleUntil(now);
    }
  }
}
