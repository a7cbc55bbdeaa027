package dev.posthorn.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * How long something took, in microseconds.
 *
 * @param count how many were measured; all else is 0 when there were none
 */
public record Latencies(long count, double p50, double p99, double p999, double max) {
  private static final long HOUR = 3_600_000_000_000L;

  /** Of times in nanoseconds. */
  static Latencies of(Histogram nanos) {
    return new Latencies(
        nanos.getTotalCount(),
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3,
        nanos.getValueAtPercentile(99.9) / 1e3,
        nanos.getMaxValue() / 1e3);
  }

  static Histogram histogram() {
    return new Histogram(HOUR, 3);
  }

  /** What a histogram takes: up to an hour. */
  static long inRange(long nanos) {
    return Math.clamp(nanos, 0, HOUR);
  }
}
