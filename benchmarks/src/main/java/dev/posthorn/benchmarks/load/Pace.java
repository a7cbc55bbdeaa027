package dev.posthorn.benchmarks.load;

/**
 * When requests are due.
 *
 * @param startedAt of the machine's monotonic clock, in nanoseconds
 * @param nanosPerRequest 0 when they are sent as soon as they may
 */
record Pace(long startedAt, double nanosPerRequest) {
  private static final double SECOND = 1e9;

  static Pace of(LoadPlan plan, long now) {
    return new Pace(now, plan.rate() == 0 ? 0 : SECOND * plan.kind().events() / plan.rate());
  }

  boolean isFixed() {
    return nanosPerRequest > 0;
  }

  /** The moment of the request with this number, the first of which is 0. */
  long due(long number, long now) {
    return isFixed() ? startedAt + (long) (number * nanosPerRequest) : now;
  }
}
