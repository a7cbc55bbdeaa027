package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Calls a lane at one moment, the last that was set. */
final class Alarm {
  private final Workers workers;
  private final Runnable call;
  private Instant at = Instant.MAX;
  private @Nullable Future<?> waiting;

  Alarm(Workers workers, Runnable call) {
    this.workers = workers;
    this.call = call;
  }

  /**
   * Sets the moment, instead of the one before.
   *
   * @param next {@link Instant#MAX} for never
   */
  synchronized void set(Instant now, Instant next) {
    if (next.equals(at)) {
      return;
    }
    if (waiting != null) {
      waiting.cancel(false);
    }
    at = next;
    waiting =
        next.isBefore(Instant.MAX)
            ? workers.runLater(this::ring, Duration.between(now, next))
            : null;
  }

  /** Does not call any more, unless it is set again. */
  synchronized void clear() {
    set(Instant.EPOCH, Instant.MAX);
  }

  private void ring() {
    synchronized (this) {
      at = Instant.MAX;
      waiting = null;
    }
    call.run();
  }
}
