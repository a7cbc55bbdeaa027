package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Child;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a bare loop came to.
 *
 * @param count requests or events
 * @param micros processor time of each, in microseconds
 */
record Cost(double perSecond, long count, double micros) {

  /** Lets a child loop for so many seconds, which it answers with a count, and looks at a clock. */
  static Cost of(Child loop, double seconds, Supplier<Duration> used) {
    Duration before = used.get();
    long began = System.nanoTime();
    long count = loop.ask(seconds, Long.class);
    double nanos = System.nanoTime() - began;
    return new Cost(count / nanos * 1e9, count, micros(used.get().minus(before), count));
  }

  static double micros(Duration used, long count) {
    return used.toNanos() / 1e3 / count;
  }
}
