package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the lanes: a virtual one for each exchange and each fetch, and one that wakes
 * lanes later.
 */
final class Workers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);

  private final ExecutorService virtual =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lane-", 0).factory());
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("lane-timer").daemon().factory());
  private final Semaphore fetches;
  private final Semaphore slices;

  /**
   * @param concurrentFetches how many lanes may read from the database at once
   * @param concurrentSlices how much long work may use the database at once, beside them
   */
  Workers(int concurrentFetches, int concurrentSlices) {
    fetches = new Semaphore(concurrentFetches);
    slices = new Semaphore(concurrentSlices, true);
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Runs a task; nothing after {@link #close}. */
  void run(Runnable task) {
    try {
      virtual.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      log.debug("not begun, as the engine is stopping");
    }
  }

  /** Runs a task whose end is waited for. */
  Future<?> submit(Runnable task) {
    return virtual.submit(task);
  }

  /** Runs a short task that uses a database connection. */
  void runFetch(Runnable task) {
    run(() ->
        oneOf(
            fetches,
            () -> {
              task.run();
              return true;
            }));
  }

  /** Does something short that uses a database connection; not within another. */
  <T extends @Nullable Object> T fetch(Supplier<T> task) {
    return oneOf(fetches, task);
  }

  /**
   * Does a slice of long work, such as changing a million rows. The long work of all lanes takes
   * turns, and leaves the connections of the fetches alone.
   */
  <T extends @Nullable Object> T slice(Supplier<T> slice) {
    return oneOf(slices, slice);
  }

  private static <T extends @Nullable Object> T oneOf(Semaphore permits, Supplier<T> task) {
    permits.acquireUninterruptibly();
    try {
      return task.get();
    } finally {
      permits.release();
    }
  }

  /** Runs a short task after a delay; nothing after {@link #close}. */
  Future<?> runLater(Runnable task, Duration delay) {
    try {
      return timer.schedule(guarded(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** How many short tasks are still to be run later. */
  int waiting() {
    return timer.getQueue().size();
  }

  /** Stops waking lanes and waits a moment for what runs. */
  @Override
  public void close() {
    timer.shutdownNow();
    virtual.shutdown();
    try {
      if (!virtual.awaitTermination(5, TimeUnit.SECONDS)) {
        virtual.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) { // the last stop: whoever ran it is gone
        if (Database.isTransient(e)) {
          log.warn("the database is away; the sweep makes up for it: {}", e.getMessage());
        } else {
          log.error("a lane's task failed", e);
        }
      }
    };
  }
}
