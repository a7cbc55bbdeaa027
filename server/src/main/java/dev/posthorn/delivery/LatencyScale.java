package dev.posthorn.delivery;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The classes that durations are counted in, so that percentiles can be told of any number of
 * attempts from a few numbers. Neighbouring bounds differ by at most the factor 2, mostly by 1.5,
 * so that is how far a percentile can be off.
 *
 * <p>Stored counts are by these classes, and the database adds up as many as there are: changing
 * them takes a migration.
 */
final class LatencyScale {
  /** Upper bounds in milliseconds, belonging to their class; one more class is open. */
  private static final List<Integer> BOUNDS_MS =
      List.of(
          1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000,
          3_000, 5_000, 7_000, 10_000, 15_000);

  static final int CLASSES = BOUNDS_MS.size() + 1;

  private LatencyScale() {}

  static int classOf(Duration time) {
    int found = 0;
    while (found < BOUNDS_MS.size()
        && time.compareTo(Duration.ofMillis(BOUNDS_MS.get(found))) > 0) {
      found++;
    }
    return found;
  }

  /**
   * The duration in milliseconds that the given share of what was counted did not exceed, taken as
   * spread evenly within its class; empty when nothing was counted. In the open class, its bound.
   *
   * @param counts by class
   * @param share 0 to 1
   */
  static OptionalDouble percentile(long[] counts, double share) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    if (all == 0) {
      return OptionalDouble.empty();
    }
    double wanted = share * all;
    int found = 0;
    long below = 0;
    while (found < counts.length - 1 && below + counts[found] < wanted) {
      below += counts[found];
      found++;
    }
    return OptionalDouble.of(within(found, (wanted - below) / counts[found]));
  }

  private static double within(int found, double part) {
    int lower = found == 0 ? 0 : BOUNDS_MS.get(found - 1);
    int upper = found == BOUNDS_MS.size() ? lower : BOUNDS_MS.get(found);
    return lower + (upper - lower) * Math.min(1, part);
  }
}
