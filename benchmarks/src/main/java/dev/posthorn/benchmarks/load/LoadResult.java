package dev.posthorn.benchmarks.load;

/**
 * What came of a load. The generator sends one when the measuring begins, with nothing but the
 * backlog in it, and one when it ends.
 *
 * @param events accepted while it was measured
 * @param failed requests that got another answer than 201, or none in time
 * @param seconds how long it was measured
 * @param accept from the moment at which a request was to be sent to its answer
 * @param onTheirWay deliveries that had not reached the receiver then
 * @param firstFailure the beginning of the first answer that was no 201; empty when there was none
 */
public record LoadResult(
    long events,
    long failed,
    double seconds,
    Latencies accept,
    long onTheirWay,
    String firstFailure) {
  /**
   * A load that failed in part has no figures.
   *
   * @throws IllegalStateException when a request failed
   */
  public void demandSuccess() {
    if (failed > 0) {
      throw new IllegalStateException(failed + " requests failed, the first with: " + firstFailure);
    }
  }

  /** Events accepted. */
  public double perSecond() {
    return events / seconds;
  }
}
