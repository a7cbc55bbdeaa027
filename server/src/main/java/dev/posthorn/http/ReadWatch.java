package dev.posthorn.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Cuts connections whose request does not arrive in time. A thread that waits for the rest of one
 * is interrupted when its time is up, which closes its connection: reads of the web server know no
 * time-out of their own.
 *
 * <pre>
 * request line ── begin ── header fields ── begin anew ── body ── end
 * </pre>
 */
final class ReadWatch implements Http1ConnectionListener, AutoCloseable {
  private final LongSupplier nanos;
  private final Duration limit;
  private final ConcurrentHashMap<Thread, Reading> readings = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** One wait. Its lock keeps an interrupt from coming after the end. */
  private static final class Reading {
    final long deadline;
    private boolean over;

    Reading(long deadline) {
      this.deadline = deadline;
    }

    synchronized void end() {
      over = true;
    }

    synchronized void cut(Thread thread) {
      if (!over) {
        over = true;
        thread.interrupt();
      }
    }
  }

  /**
   * @param nanos a steady clock, in nanoseconds
   * @param limit how long the header fields, and then the body, may take
   */
  ReadWatch(LongSupplier nanos, Duration limit) {
    this.nanos = nanos;
    this.limit = limit;
  }

  /** Looks again and again, a tenth of the limit apart, until it is closed. */
  void start() {
    Thread.ofVirtual().name("http-read-watch").start(this::run);
  }

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    begin();
  }

  /** The current thread begins to wait for a part of a request. */
  void begin() {
    Reading reading = new Reading(nanos.getAsLong() + limit.toNanos());
    Reading before = readings.put(Thread.currentThread(), reading);
    if (before != null) {
      before.end();
    }
  }

  /** The current thread has what it waited for, or gives up. */
  void end() {
    Reading reading = readings.remove(Thread.currentThread());
    if (reading != null) {
      reading.end();
    }
  }

  /** Cuts what is overdue, once. */
  void runOnce() {
    long now = nanos.getAsLong();
    readings.forEach((thread, reading) -> {
      if (now - reading.deadline >= 0) {
        readings.remove(thread, reading);
        reading.cut(thread);
      }
    });
  }

  private void run() {
    try {
      while (!closed.await(limit.toMillis() / 10, TimeUnit.MILLISECONDS)) {
        runOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
