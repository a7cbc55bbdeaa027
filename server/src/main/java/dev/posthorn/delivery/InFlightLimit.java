package dev.posthorn.delivery;

/**
 * How many requests of one lane may be under way at once.
 *
 * <p>Starts at 1 and doubles with every answer up to a ceiling, so a receiver must show that it
 * answers before it gets many; halves with every request that nobody answered, so a receiver that
 * hangs soon occupies one slot. The ceiling is at most a fifteenth of the rate limit: after a crash
 * that many requests are counted as sent though nobody knows, and a small limit must not be used up
 * by that.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class InFlightLimit {
  private final int configured;
  private int ceiling;
  private int current = 1;
  private boolean answering;

  /**
   * @param configured the ceiling for high rate limits, at least 1
   * @param rateLimit requests in any 60 s
   */
  InFlightLimit(int configured, int rateLimit) {
    this.configured = configured;
    this.ceiling = ceiling(configured, rateLimit);
  }

  static int ceiling(int configured, int rateLimit) {
    return Math.min(configured, Math.max(1, rateLimit / 15));
  }

  /**
   * How many requests a lane may have written without its outcomes being stored: one on a kept
   * connection that was dead is written once more on a new one. None is written without a place in
   * the rate window.
   */
  static int mostUnrecorded(int configured, int rateLimit) {
    return Math.min(rateLimit, 2 * ceiling(configured, rateLimit));
  }

  void changeRateLimit(int rateLimit) {
    ceiling = ceiling(configured, rateLimit);
    current = Math.min(current, ceiling);
  }

  void answered() {
    answering = true;
    current = Math.min(ceiling, current * 2);
  }

  void unanswered() {
    answering = false;
    current = Math.max(1, current / 2);
  }

  int ceiling() {
    return ceiling;
  }

  int current() {
    return current;
  }

  /** Whether the last exchange got an answer of any kind. */
  boolean isAnswering() {
    return answering;
  }
}
