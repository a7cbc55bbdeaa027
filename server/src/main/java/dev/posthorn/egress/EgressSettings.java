package dev.posthorn.egress;

import java.time.Duration;

/**
 * How long an exchange may take and how much it may use.
 *
 * @param times how long each part may take
 * @param maxConnections connections in use and idle together, to one host or to all: the node's
 *     limit of requests in flight
 * @param lookupThreads platform threads for name resolution; names that have hung before get a
 *     quarter more of their own
 * @param readLimit bytes that are read of one response, heads and framing included; the connection
 *     is closed behind them
 * @param keepLimit bytes that are kept of a response's head, and of its body
 */
public record EgressSettings(
    Times times, int maxConnections, int lookupThreads, int readLimit, int keepLimit) {

  /**
   * @throws IllegalArgumentException unless every limit is positive
   */
  public EgressSettings {
    if (Math.min(maxConnections, lookupThreads) < 1 || Math.min(readLimit, keepLimit) < 1) {
      throw new IllegalArgumentException("egress limits must be positive");
    }
  }

  /**
   * The limits of time, all longer than zero.
   *
   * @param dns for one look-up
   * @param connect for reaching one of the addresses, and again for the TLS handshake
   * @param exchange for everything together, from the look-up to the last byte of the body
   * @param idle how long an unused connection is kept
   */
  public record Times(Duration dns, Duration connect, Duration exchange, Duration idle) {

    /**
     * @throws IllegalArgumentException unless every time is longer than zero
     */
    public Times {
      if (!dns.isPositive()
          || !connect.isPositive()
          || !exchange.isPositive()
          || !idle.isPositive()) {
        throw new IllegalArgumentException("egress times must be longer than zero");
      }
    }
  }

  /** 5 s to look up, 5 s to connect, 15 s in all, 64 KiB read and 16 KiB kept. */
  public static EgressSettings standard() {
    return new EgressSettings(
        new Times(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30)),
        1_024,
        256,
        64 * 1_024,
        16 * 1_024);
  }
}
