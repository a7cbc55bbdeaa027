package dev.posthorn.benchmarks.scenario;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting, which is most of what a benchmark does. */
final class Wait {
  private static final long LOOK = 20_000_000;

  private Wait() {}

  /** For as long as something is measured. */
  static void of(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /**
   * Looks every 20 ms.
   *
   * @throws IllegalStateException when it did not come true in time
   */
  static void until(String what, Duration patience, BooleanSupplier condition) {
    until(what, patience, LOOK, condition);
  }

  /** The same, looking after each of these nanoseconds. */
  static void until(String what, Duration patience, long look, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited " + patience + " in vain until " + what);
      }
      LockSupport.parkNanos(look);
    }
  }
}
