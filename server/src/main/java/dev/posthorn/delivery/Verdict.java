package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;

/** What an attempt means for its delivery, and with it for the webhook. */
sealed interface Verdict {
  /** The receiver has it. */
  record Succeeded() implements Verdict {}

  /**
   * To be tried again.
   *
   * @param step how many attempts of this round have now failed
   */
  record Retry(Instant dueAt, int step) implements Verdict {}

  /** The last attempt of the schedule failed. It is kept, and can be replayed. */
  record GaveUp(int step) implements Verdict {}

  /** The receiver answered 410: it wants nothing more, so its webhook is disabled. */
  record Gone(int step) implements Verdict {}

  /** Still under way when its shard is given up; not to be sent again before it must have ended. */
  record LeftOpen(Instant dueAt, int step) implements Verdict {}

  /**
   * A verdict and how long the whole lane must wait.
   *
   * @param pause what the receiver asked for with {@code Retry-After}; zero when it asked for
   *     nothing
   */
  record WithPause(Verdict verdict, Duration pause) {}
}
