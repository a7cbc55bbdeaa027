package dev.posthorn.delivery;

import java.time.Duration;
import java.util.List;

/** Looks at a receiver's own log: how many requests it saw in its worst 60 s. */
public final class WindowCheck {
  private static final long WINDOW = Duration.ofSeconds(60).toNanos();

  private WindowCheck() {}

  /**
   * The most requests in any window that is open at its end.
   *
   * @param arrivals on one monotonic clock, in nanoseconds, in any order
   */
  public static int worst(List<Long> arrivals) {
    long[] sorted = arrivals.stream().mapToLong(Long::longValue).sorted().toArray();
    int worst = 0;
    int first = 0;
    for (int last = 0; last < sorted.length; last++) {
      while (sorted[last] - sorted[first] >= WINDOW) {
        first++;
      }
      worst = Math.max(worst, last - first + 1);
    }
    return worst;
  }

  static int worstOf(List<RecordingReceiver.Received> log) {
    return worst(log.stream().map(RecordingReceiver.Received::arrivedNanos).toList());
  }
}
