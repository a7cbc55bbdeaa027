package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what an exchange means: 2xx is success, 410 ends the webhook, everything else is a
 * failure that the schedule repeats; 429 and 503 may ask for a pause.
 */
final class Judge {
  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final RetrySchedule schedule;
  private final RandomGenerator random;
  private final InstantSource wallClock;

  /**
   * @param wallClock receivers that name a date in {@code Retry-After} mean the wall clock
   */
  Judge(RetrySchedule schedule, RandomGenerator random, InstantSource wallClock) {
    this.schedule = schedule;
    this.random = random;
    this.wallClock = wallClock;
  }

  /**
   * @param now when the exchange ended
   */
  Verdict.WithPause judge(Delivery delivery, Exchange exchange, Instant now) {
    if (exchange instanceof Exchange.Answered answered) {
      return judgeAnswer(delivery, answered, now);
    }
    return new Verdict.WithPause(failed(delivery, now, Duration.ZERO), Duration.ZERO);
  }

  private Verdict.WithPause judgeAnswer(
      Delivery delivery, Exchange.Answered answered, Instant now) {
    int status = answered.status();
    if (answered.isSuccess()) {
      return new Verdict.WithPause(new Verdict.Succeeded(), Duration.ZERO);
    }
    if (status == GONE) {
      return new Verdict.WithPause(new Verdict.Gone(delivery.step() + 1), Duration.ZERO);
    }
    boolean mayAskForPause = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
    Duration pause = mayAskForPause ? pauseAskedBy(answered) : Duration.ZERO;
    return new Verdict.WithPause(failed(delivery, now, pause), pause);
  }

  private Duration pauseAskedBy(Exchange.Answered answered) {
    return answered.retryAfter(wallClock.instant()).orElse(Duration.ZERO);
  }

  private Verdict failed(Delivery delivery, Instant now, Duration atLeast) {
    int step = delivery.step() + 1;
    Optional<Duration> delay = schedule.delayAfter(step, random);
    if (delay.isEmpty()) {
      return new Verdict.GaveUp(step);
    }
    Duration wait = delay.get().compareTo(atLeast) < 0 ? atLeast : delay.get();
    return new Verdict.Retry(now.plus(wait), step);
  }
}
