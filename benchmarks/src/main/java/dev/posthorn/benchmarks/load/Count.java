package dev.posthorn.benchmarks.load;

import org.HdrHistogram.Histogram;

/** What came of the requests so far, and of those since the measuring began. */
final class Count {
  private final Histogram accept = Latencies.histogram();
  private boolean measuring;
  private long measuredFrom;
  private long measuredUntil;
  private long sent;
  private long accepted;
  private long acceptedBefore;
  private long acceptedAtEnd;
  private long failed;
  private String firstFailure = "";

  void beginMeasuring(long now) {
    measuring = true;
    measuredFrom = now;
    measuredUntil = now;
    acceptedBefore = accepted;
    acceptedAtEnd = accepted;
    failed = 0;
    firstFailure = "";
  }

  /**
   * From here on nothing more is counted as accepted in time; late answers still have latencies.
   */
  void endMeasuring(long now) {
    measuredUntil = now;
    acceptedAtEnd = accepted;
  }

  boolean isMeasuring() {
    return measuring;
  }

  long measuredFor(long now) {
    return now - measuredFrom;
  }

  void sent() {
    sent++;
  }

  /** Requests sent. */
  long requests() {
    return sent;
  }

  void accepted(int events, long nanos) {
    accepted += events;
    answered(nanos);
  }

  void failed(String answer, long nanos) {
    failed++;
    firstFailure = firstFailure.isEmpty() ? answer : firstFailure;
    answered(nanos);
  }

  private void answered(long nanos) {
    if (measuring) {
      accept.recordValue(Latencies.inRange(nanos));
    }
  }

  /** What was counted; {@code onTheirWay} deliveries had not reached the receiver. */
  LoadResult result(long onTheirWay) {
    return new LoadResult(
        acceptedAtEnd - acceptedBefore,
        failed,
        (measuredUntil - measuredFrom) / 1e9,
        Latencies.of(accept),
        onTheirWay,
        firstFailure);
  }
}
