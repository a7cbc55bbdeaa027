package dev.posthorn.http;

import java.util.Arrays;

/**
 * Lets at most so many requests through in any window of the given length, wherever the window
 * begins, and refuses none that would keep to that. Remembers when each of the last requests came;
 * a refused one does not count.
 *
 * <p>Holds no clock and no lock: who calls it brings the time, which must not go back, and keeps
 * other threads away.
 */
final class RateWindow {
  private static final int SMALLEST = 8;

  private final int limit;
  private final long windowNanos;
  // A ring of the times of the requests in the window, growing with use up to the limit.
  private long[] times;
  private int oldest;
  private int size;

  /**
   * @param limit requests in a window, at least 1
   */
  RateWindow(int limit, long windowNanos) {
    this.limit = limit;
    this.windowNanos = windowNanos;
    this.times = new long[Math.min(limit, SMALLEST)];
  }

  /** Counts a request if there is room for it. */
  boolean take(long now) {
    forget(now);
    if (size == limit) {
      return false;
    }
    if (size == times.length) {
      grow();
    }
    times[(oldest + size) % times.length] = now;
    size++;
    return true;
  }

  /** How many more would be let through now. */
  int remaining(long now) {
    forget(now);
    return limit - size;
  }

  /** Nanoseconds until one more is let through than now; 0 when none is remembered. */
  long untilNext(long now) {
    forget(now);
    return size == 0 ? 0 : times[oldest] + windowNanos - now;
  }

  boolean isEmpty(long now) {
    forget(now);
    return size == 0;
  }

  private void forget(long now) {
    while (size > 0 && now - times[oldest] >= windowNanos) {
      oldest = (oldest + 1) % times.length;
      size--;
    }
  }

  private void grow() {
    long[] larger = Arrays.copyOf(times, Math.min(limit, times.length * 2));
    for (int at = 0; at < size; at++) {
      larger[at] = times[(oldest + at) % times.length];
    }
    times = larger;
    oldest = 0;
  }
}
