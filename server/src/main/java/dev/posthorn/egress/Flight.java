package dev.posthorn.egress;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One exchange under way: its clock, what it measured so far, and the socket to close when its time
 * is over. Marks are written by the sending thread alone; {@link #stop} comes from another.
 */
final class Flight {

  private final LongSupplier ticker;
  private final long startedNanos;
  private final long limitNanos;

  /** Guarded by this. Held from dialling until the connection goes back to the pool. */
  private @Nullable Socket socket;

  /** Guarded by this. Once set, whatever the sending thread meets is only its consequence. */
  private @Nullable FailureClass stopped;

  /** Guarded by this: how long it waited for its caller's place, but for the wait under way. */
  private long waitedNanos;

  /** Guarded by this: since when it waits now. */
  private @Nullable Long waitingSinceNanos;

  private @Nullable Duration dns;
  private @Nullable Duration connect;
  private @Nullable Duration tls;
  private @Nullable Duration firstByte;
  private boolean written;

  Flight(LongSupplier ticker, Duration limit) {
    this.ticker = ticker;
    this.startedNanos = ticker.getAsLong();
    this.limitNanos = limit.toNanos();
  }

  long now() {
    return ticker.getAsLong();
  }

  private Duration since(long startNanos) {
    return Duration.ofNanos(now() - startNanos);
  }

  /**
   * What is left of the exchange's time; not positive when it is over. The receiver is not to blame
   * for a wait for the caller's place: it takes nothing of this.
   */
  synchronized Duration left() {
    long until = waitingSinceNanos == null ? now() : waitingSinceNanos;
    return Duration.ofNanos(limitNanos + waitedNanos - (until - startedNanos));
  }

  /** Waits for the caller's place. */
  void await(Runnable place) {
    startWait();
    try {
      place.run();
    } finally {
      endWait();
    }
  }

  private synchronized void startWait() {
    waitingSinceNanos = now();
  }

  private synchronized void endWait() {
    if (waitingSinceNanos != null) {
      waitedNanos += now() - waitingSinceNanos;
      waitingSinceNanos = null;
    }
  }

  /** Whether it waited so long for a place that what was prepared to be sent is stale. */
  synchronized boolean isStale() {
    return waitedNanos >= limitNanos;
  }

  /** From now on this socket is closed when the exchange is stopped, at once if it has been. */
  synchronized void hold(Socket held) throws ExchangeFailure {
    socket = held;
    if (stopped != null) {
      abort(held);
      throw new ExchangeFailure(stopped);
    }
  }

  /**
   * The socket is no longer this exchange's, and a late stop must not close it under the next one.
   *
   * @return false if it has been closed already
   */
  synchronized boolean letGo() {
    socket = null;
    return stopped == null;
  }

  /** Ends the exchange from outside; the first reason stands. */
  synchronized void stop(FailureClass reason) {
    if (stopped == null) {
      stopped = reason;
      if (socket != null) {
        abort(socket);
      }
    }
  }

  /** From outside, or by an interrupt of the sending thread, which is the one that may ask. */
  synchronized boolean isStopped() {
    return stopped != null || isInterrupted();
  }

  /** With a reset, so that what a receiver does not read is not kept in our kernel. */
  private static void abort(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyClosed) {
      return; // which is what was wanted
    }
  }

  void dnsTook(long startNanos) {
    dns = since(startNanos);
  }

  void connectTook(long startNanos) {
    connect = since(startNanos);
  }

  void tlsTook(long startNanos) {
    tls = since(startNanos);
  }

  void writes() {
    written = true;
  }

  /** Whether the receiver may have seen the request. */
  boolean isWritten() {
    return written;
  }

  void answers() {
    if (firstByte == null) {
      firstByte = since(startedNanos);
    }
  }

  Timings timings() {
    return new Timings(dns, connect, tls, firstByte, since(startedNanos), startedNanos);
  }

  /** The failure that was met, unless it is only the consequence of being stopped. */
  synchronized Exchange.Failed failed(FailureClass met) {
    FailureClass failure =
        stopped != null ? stopped : isInterrupted() ? FailureClass.CANCELLED : met;
    return new Exchange.Failed(failure, failure.sentence(), written, timings());
  }

  /** The JDK closes the socket of a virtual thread that is interrupted while it waits for it. */
  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }
}
