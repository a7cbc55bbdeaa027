package dev.posthorn.benchmarks.load;

import java.util.List;

/**
 * What the generator is to send.
 *
 * @param kind of the requests
 * @param keys API keys, one an account; used in turn, or by {@code zipf}
 * @param zipf exponent of the share of each key; 0 for equal shares
 * @param connections how many are kept open, each with one request at a time
 * @param rate events a second, sent whether or not answers come; 0 for as many as are taken
 * @param fanOut how many deliveries an event becomes
 * @param window how many deliveries may be on their way before sending waits, when {@code rate} is
 *     0; 0 for no such limit
 * @param warmUpSeconds before the measuring begins
 * @param seconds how long it lasts
 */
public record LoadPlan(
    Kind kind,
    List<String> keys,
    double zipf,
    int connections,
    double rate,
    int fanOut,
    long window,
    double warmUpSeconds,
    double seconds) {

  /** What one request says. */
  public enum Kind {
    /** {@code POST /events} with one event of 128 bytes. */
    EVENT(1),
    /** {@code POST /events} with 100 of them. */
    BATCH(100),
    /** {@code POST /opportunities}: a record, and its event. */
    OPPORTUNITY(1);

    private final int events;

    Kind(int events) {
      this.events = events;
    }

    /** How many events a request makes. */
    public int events() {
      return events;
    }
  }

  /**
   * As many events as are taken, with a bounded number on their way; for {@link #with} some keys.
   */
  public static LoadPlan flatOut(Kind kind, int connections, long window) {
    return new LoadPlan(kind, List.of(), 0, connections, 0, 1, window, 5, 15);
  }

  /** One event a request at a fixed rate; for {@link #with} some keys. */
  public static LoadPlan atRate(int connections, double rate) {
    return new LoadPlan(Kind.EVENT, List.of(), 0, connections, rate, 1, 0, 5, 15);
  }

  public LoadPlan with(List<String> others) {
    return new LoadPlan(
        kind, others, zipf, connections, rate, fanOut, window, warmUpSeconds, seconds);
  }

  public LoadPlan withFanOut(int deliveries) {
    return new LoadPlan(
        kind, keys, zipf, connections, rate, deliveries, window, warmUpSeconds, seconds);
  }

  public LoadPlan withZipf(double exponent) {
    return new LoadPlan(
        kind, keys, exponent, connections, rate, fanOut, window, warmUpSeconds, seconds);
  }

  public LoadPlan lasting(double warmUp, double measured) {
    return new LoadPlan(kind, keys, zipf, connections, rate, fanOut, window, warmUp, measured);
  }
}
