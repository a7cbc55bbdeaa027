package dev.posthorn.db;

import java.time.Duration;

/** A short wait of a poll. */
final class Pause {
  private Pause() {}

  /**
   * @throws IllegalStateException when the thread is interrupted; it stays marked as interrupted
   */
  static void of(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting", e);
    }
  }
}
