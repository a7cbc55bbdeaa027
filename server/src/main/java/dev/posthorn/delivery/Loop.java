package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, in a thread of its own, whatever a single time brings, until it
 * is stopped.
 */
final class Loop {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  private final Duration pause;
  private final Runnable once;
  private final Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param pause between the end of one time and the begin of the next
   */
  Loop(String name, Duration pause, Runnable once) {
    this.pause = pause;
    this.once = once;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Ends the pause, waits for what runs. */
  void stop() {
    stopped.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        runOnce();
      } while (!stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runOnce() {
    try {
      once.run();
    } catch (RuntimeException | Error e) { // one bad time must not be the last
      if (Database.isTransient(e)) {
        log.warn("{}: the database is away: {}", thread.getName(), e.getMessage());
      } else {
        log.error("{} failed, and goes on", thread.getName(), e);
      }
    }
  }
}
