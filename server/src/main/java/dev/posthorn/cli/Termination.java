package dev.posthorn.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Stops what runs, in order, when the process is told to end, and holds the process until that is
 * done.
 */
final class Termination {
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Termination() {}

  /** From now on SIGTERM and Ctrl-C close {@code running} before the process ends. */
  static Termination closing(AutoCloseable running) {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> termination.stop(running), "shutdown"));
    return termination;
  }

  /** Waits until it was told to stop, and has. */
  void await() throws InterruptedException {
    stopped.await();
  }

  private void stop(AutoCloseable running) {
    try {
      running.close();
    } catch (Exception e) {
      System.err.println("Not everything could be stopped in order: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }
}
