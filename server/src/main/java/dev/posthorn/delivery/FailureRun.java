package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A webhook's run of nothing but failures: its owner is warned half-way, and at its end the webhook
 * is disabled.
 *
 * <p>Changed under its lane's lock; {@link #state} may be read by any thread.
 */
final class FailureRun {
  /** What one attempt changes. */
  enum Change {
    NONE,
    STARTED,
    ENDED,
    WARN,
    DISABLE
  }

  /**
   * How long a webhook has only failed.
   *
   * @param since when the run began, absent when the last attempt succeeded
   * @param warnedAt when its owner was told
   */
  record State(Optional<Instant> since, Optional<Instant> warnedAt) {
    static final State NO_FAILURE = new State(Optional.empty(), Optional.empty());
  }

  private final Duration limit;
  private volatile State state;

  FailureRun(Duration limit, State state) {
    this.limit = limit;
    this.state = state;
  }

  State state() {
    return state;
  }

  Change succeeded() {
    if (state.since().isEmpty()) {
      return Change.NONE;
    }
    state = State.NO_FAILURE;
    return Change.ENDED;
  }

  Change failed(Instant now) {
    State before = state;
    if (before.since().isEmpty()) {
      state = new State(Optional.of(now), Optional.empty());
      return Change.STARTED;
    }
    Duration lasting = Duration.between(before.since().get(), now);
    if (lasting.compareTo(limit) >= 0) {
      return Change.DISABLE;
    }
    if (before.warnedAt().isEmpty() && lasting.compareTo(limit.dividedBy(2)) >= 0) {
      state = new State(before.since(), Optional.of(now));
      return Change.WARN;
    }
    return Change.NONE;
  }

  /** The webhook was enabled again: what was stored then is where it begins. */
  void restart(State stored) {
    state = stored;
  }
}
