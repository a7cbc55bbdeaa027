package dev.posthorn.benchmarks.whole;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/**
 * What has to be closed however the benchmark ends, in the order opposite to that in which it was
 * opened: also when it is interrupted, and be it while something is being opened.
 */
final class OpenThings implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  OpenThings() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  synchronized <T extends AutoCloseable> T open(Callable<T> opening) throws Exception {
    T thing = opening.call();
    open.push(thing);
    return thing;
  }

  @Override
  public synchronized void close() {
    for (AutoCloseable thing = open.poll(); thing != null; thing = open.poll()) {
      try {
        thing.close();
      } catch (Exception e) {
        System.err.println("could not be closed: " + e);
      }
    }
  }
}
