package dev.posthorn.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The end of a server's service. From its beginning each answer is the last on its connection, and
 * the server goes on until nobody has asked for a moment: a connection that is closed while its
 * client writes to it looks like a failed request, and nobody knows whether that was done.
 */
final class Farewell {
  /** Clients that know the server, such as a load balancer, have turned to others by then. */
  private static final Duration QUIET = Duration.ofMillis(250);

  private final LongSupplier nanos;
  private final Duration patience;
  private volatile boolean begun;
  private volatile long lastAsked;

  /**
   * @param nanos a steady clock, in nanoseconds
   * @param patience how long to go on for clients that ask and ask
   */
  Farewell(LongSupplier nanos, Duration patience) {
    this.nanos = nanos;
    this.patience = patience;
    this.lastAsked = nanos.getAsLong() - QUIET.toNanos();
  }

  /** Whether the answer that is made now is the last on its connection. */
  boolean isBegun() {
    return begun;
  }

  /** A request has come. */
  void asked() {
    lastAsked = nanos.getAsLong();
  }

  /** Begins the end; returns when it has been quiet for a moment, or patience is at its end. */
  synchronized void awaitQuiet() {
    begun = true;
    long end = nanos.getAsLong() + patience.toNanos();
    try {
      for (long left = left(end); left > 0; left = left(end)) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long left(long end) {
    long now = nanos.getAsLong();
    return Math.min(end - now, lastAsked + QUIET.toNanos() - now);
  }
}
