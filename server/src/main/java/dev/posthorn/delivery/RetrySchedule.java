package dev.posthorn.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again: the delay after each failed attempt, each varied at random
 * so that deliveries that failed together do not come back together.
 *
 * @param delays the delay after the first failed attempt, after the second, and so on; after the
 *     last one the delivery is given up
 * @param jitter the largest deviation as a share of the delay, 0 to 1
 */
public record RetrySchedule(List<Duration> delays, double jitter) {
  public RetrySchedule {
    delays = List.copyOf(delays);
    if (delays.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("retry delays " + delays + ": none may be negative");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("retry jitter " + jitter + ": must be from 0 to 1");
    }
  }

  /**
   * The delay before the next attempt.
   *
   * @param step how many attempts of this round have failed, at least 1
   * @return absent when no attempt is left
   */
  Optional<Duration> delayAfter(int step, RandomGenerator random) {
    if (step > delays.size()) {
      return Optional.empty();
    }
    double factor = 1 + jitter * (2 * random.nextDouble() - 1);
    return Optional.of(Duration.ofMillis(Math.round(delays.get(step - 1).toMillis() * factor)));
  }
}
