package dev.posthorn.egress;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Stops every exchange whose time is over, wherever it waits: socket time-outs start anew with each
 * byte and would let a dripping response live for ever.
 *
 * <p>A tick looks at each open exchange. That is cheaper than a timer for each: there are never
 * more of them than connections, and most are gone before the next tick.
 */
final class DeadlineWatch implements AutoCloseable {

  private final Set<Flight> open = ConcurrentHashMap.newKeySet();
  private final Duration limit;
  private final LongSupplier ticker;
  private volatile boolean closed;

  DeadlineWatch(Duration limit, LongSupplier ticker) {
    this.limit = limit;
    this.ticker = ticker;
  }

  Flight begin() {
    Flight flight = new Flight(ticker, limit);
    open.add(flight);
    if (closed) {
      flight.stop(FailureClass.CANCELLED);
    }
    return flight;
  }

  void end(Flight flight) {
    open.remove(flight);
  }

  /** To be called at least twenty times per deadline. */
  void tick() {
    for (Flight flight : open) {
      if (!flight.left().isPositive()) {
        flight.stop(FailureClass.DEADLINE);
      }
    }
  }

  /** Stops all that are open, and from then on each that begins. */
  @Override
  public void close() {
    closed = true;
    open.forEach(flight -> flight.stop(FailureClass.CANCELLED));
  }
}
