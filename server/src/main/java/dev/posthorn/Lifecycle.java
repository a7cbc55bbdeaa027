package dev.posthorn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, to be stopped in the opposite order. Stopping goes on after a failure; the
 * first one is thrown at the end, with the others suppressed in it. Stopping twice does nothing.
 */
final class Lifecycle implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable closeable) {}

  /** Notes a part that was just started, to be stopped before all that were noted earlier. */
  <T extends AutoCloseable> T add(String name, T part) {
    synchronized (parts) {
      parts.push(new Part(name, part));
    }
    return part;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Part part = next(); part != null; part = next()) {
      try {
        part.closeable().close();
      } catch (Exception e) {
        log.error("{} could not be stopped", part.name(), e);
        if (failure == null) {
          failure = new IllegalStateException(part.name() + " could not be stopped", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable Part next() {
    synchronized (parts) {
      return parts.poll();
    }
  }
}
