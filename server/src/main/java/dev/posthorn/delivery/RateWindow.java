package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a webhook may receive one more request now, so that its receiver never sees more
 * than {@code limit} of them in any 60 s.
 *
 * <p>A request takes one of {@code limit} places before it is sent and keeps it until 60.5 s after
 * the receiver answered (without an answer: after the exchange ended). The receiver has seen a
 * request before it answers, so whatever the network delays, two uses of one place are seen more
 * than 60 s apart.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class RateWindow {
  /** How long a place stays taken after the receiver was last known to have seen its request. */
  static final Duration HOLD = Duration.ofMillis(60_500);

  private int limit;
  private int open;
  private final InstantQueue held = new InstantQueue();

  /**
   * @param limit requests in any 60 s, at least 1
   */
  RateWindow(int limit) {
    changeLimit(limit);
  }

  void changeLimit(int newLimit) {
    if (newLimit < 1) {
      throw new IllegalArgumentException("rate limit " + newLimit + ": must be at least 1");
    }
    limit = newLimit;
  }

  /** Takes a place for a request that is about to be sent, if one is free. */
  boolean tryTake(Instant now) {
    if (taken(now) >= limit) {
      return false;
    }
    open++;
    return true;
  }

  /** The request was answered or given up at {@code seenBy}: its place is held from then on. */
  void settle(Instant seenBy) {
    open--;
    held.add(seenBy.plus(HOLD));
  }

  /** The request never left: its place is free at once. */
  void giveBack() {
    open--;
  }

  /** Counts a place as taken until {@code until}: sent before this window was in memory. */
  void hold(Instant until) {
    held.add(until);
  }

  /** How many places are taken. */
  int taken(Instant now) {
    held.removeUntil(now);
    return open + held.size();
  }

  /**
   * When a place will be free; absent while one is, or when only the end of an open exchange can
   * free one.
   */
  Optional<Instant> nextFree(Instant now) {
    int tooMany = taken(now) - limit;
    if (tooMany < 0 || tooMany >= held.size()) {
      return Optional.empty();
    }
    return Optional.of(held.get(tooMany));
  }

  /** Whether nothing would be forgotten with this window. */
  boolean isIdle(Instant now) {
    return taken(now) == 0;
  }
}
