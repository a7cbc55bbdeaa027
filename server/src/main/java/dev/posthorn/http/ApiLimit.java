package dev.posthorn.http;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How many requests an API key may make: a {@link RateWindow} per key, on this node. Safe for many
 * threads.
 */
public final class ApiLimit {
  private static final int LARGEST = 100_000;
  private static final int FEW = 1024;

  private final int limit;
  private final Duration window;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<Long, RateWindow> windows = new ConcurrentHashMap<>();
  private final AtomicInteger sweepAt = new AtomicInteger(FEW);

  /**
   * @param limit requests of one key in any window, up to 100,000; 0 for no limit
   * @param window the length of the window; the usual is 100 requests in 10 s
   * @param nanos a steady clock, in nanoseconds
   */
  public ApiLimit(int limit, Duration window, LongSupplier nanos) {
    if (limit < 0 || limit > LARGEST || !window.isPositive()) {
      throw new IllegalArgumentException(limit + " requests in " + window + " is no limit");
    }
    this.limit = limit;
    this.window = window;
    this.nanos = nanos;
  }

  /**
   * What the limit says to one request.
   *
   * @param remaining further requests that would be let through at once
   * @param waitSeconds until more are let through than now, rounded up, 1 at least when refused
   */
  record Verdict(boolean allowed, int remaining, long waitSeconds) {}

  boolean isOff() {
    return limit == 0;
  }

  /** Counts a request of a key, if it is let through. */
  Verdict take(long keyId) {
    if (windows.size() > sweepAt.get()) {
      sweep();
    }
    Verdict[] verdict = new Verdict[1];
    windows.compute(
        keyId,
        (id, known) -> {
          RateWindow own = known == null ? new RateWindow(limit, window.toNanos()) : known;
          verdict[0] = take(own);
          return own;
        });
    return verdict[0];
  }

  private Verdict take(RateWindow own) {
    long now = nanos.getAsLong();
    boolean allowed = own.take(now);
    long wait = Math.ceilDiv(own.untilNext(now), 1_000_000_000L);
    return new Verdict(allowed, own.remaining(now), wait);
  }

  /** How many keys have a window in memory. */
  int remembered() {
    return windows.size();
  }

  // Keys that have gone quiet are forgotten, at a cost spread over as many new ones.
  private void sweep() {
    for (Long keyId : windows.keySet()) {
      windows.computeIfPresent(keyId, (id, own) -> own.isEmpty(nanos.getAsLong()) ? null : own);
    }
    sweepAt.set(Math.max(FEW, windows.size() * 2));
  }

  /**
   * The draft's header that names the rule (draft-ietf-httpapi-ratelimit-headers-11, section 4):
   * quota {@code q} in a window of {@code w} seconds.
   */
  String policyHeader() {
    return "\"default\";q=" + limit + ";w=" + Math.ceilDiv(window.toMillis(), 1000L);
  }

  /** The draft's header with the state: {@code r} are left, more come in {@code t} seconds. */
  static String stateHeader(Verdict verdict) {
    return "\"default\";r=" + verdict.remaining() + ";t=" + verdict.waitSeconds();
  }

  /** The 429 with when to come back. */
  Problem exceeded(Verdict verdict) {
    String seconds = Long.toString(verdict.waitSeconds());
    String detail =
        "This API key may make "
            + limit
            + " requests in "
            + window.toMillis() / 1000.0
            + " s. Try again in "
            + seconds
            + " s.";
    return Problem.of(ProblemType.RATE_LIMIT_EXCEEDED, detail)
        .with("Retry-After", seconds)
        .with("X-Rate-Limited-For", seconds);
  }
}
