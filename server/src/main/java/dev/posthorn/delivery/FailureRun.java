package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A webhook's run of nothing but failures: its owner is warned half-way, and at its end the webhook
 * is disabled.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
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

  private final Duration limit;
  private Optional<Instant> since;
  private boolean warned;

  /**
   * @param since when the run began, absent when the last attempt succeeded
   */
  FailureRun(Duration limit, Optional<Instant> since, boolean warned) {
    this.limit = limit;
    this.since = since;
    this.warned = warned;
  }

  Change succeeded() {
    if (since.isEmpty()) {
      return Change.NONE;
    }
    since = Optional.empty();
    warned = false;
    return Change.ENDED;
  }

  Change failed(Instant now) {
    if (since.isEmpty()) {
      since = Optional.of(now);
      return Change.STARTED;
    }
    Duration lasting = Duration.between(since.get(), now);
    if (lasting.compareTo(limit) >= 0) {
      return Change.DISABLE;
    }
    if (!warned && lasting.compareTo(limit.dividedBy(2)) >= 0) {
      warned = true;
      return Change.WARN;
    }
    return Change.NONE;
  }
}
