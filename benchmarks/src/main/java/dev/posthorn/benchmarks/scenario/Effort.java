package dev.posthorn.benchmarks.scenario;

import java.time.Duration;

/**
 * How long and how much is measured.
 *
 * @param time factor of all durations
 * @param amount factor of all numbers of events
 */
public record Effort(double time, double amount) {
  /** What the budgets are about. */
  public static final Effort FULL = new Effort(1, 1);

  /** To see that everything works: no measurement. */
  public static final Effort QUICK = new Effort(0.15, 0.05);

  private static final double LEAST_SECONDS = 1;
  private static final int LEAST_COUNT = 100;

  /** Seconds to measure, where a full run takes this many. */
  public double seconds(double full) {
    return Math.min(full, Math.max(LEAST_SECONDS, full * time));
  }

  public Duration duration(double fullSeconds) {
    return Duration.ofMillis(Math.round(seconds(fullSeconds) * 1_000));
  }

  /** Events or webhooks, where a full run has this many. */
  public int count(int full) {
    return (int) Math.min(full, Math.max(LEAST_COUNT, full * amount));
  }
}
