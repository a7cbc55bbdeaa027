package dev.posthorn.crash;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How a receiver behaves. */
enum Manner {
  /** Answers at once. */
  PROMPT,
  /** Takes up to a third of a second. */
  SLOW,
  /** Takes two seconds, so that there is always something under way. */
  SLUGGISH,
  /** Answers one request in six with 500. */
  FAILING,
  /** Hangs up on one request in eight after it has read it. */
  DROPPING;

  /**
   * What it does with one request.
   *
   * @param status of the answer, {@link #DROPPED} for none
   */
  record Reaction(Duration time, int status) {
    static final int DROPPED = 0;

    private static Reaction now(int status) {
      return new Reaction(Duration.ZERO, status);
    }
  }

  Reaction react(RandomGenerator random) {
    return switch (this) {
      case PROMPT -> Reaction.now(200);
      case SLOW -> new Reaction(Duration.ofMillis(random.nextInt(20, 330)), 200);
      case SLUGGISH -> new Reaction(Duration.ofSeconds(2), 200);
      case FAILING -> Reaction.now(random.nextInt(6) == 0 ? 500 : 200);
      case DROPPING -> Reaction.now(random.nextInt(8) == 0 ? Reaction.DROPPED : 204);
    };
  }
}
