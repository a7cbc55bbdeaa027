package dev.posthorn.delivery;

import java.time.Duration;
import java.util.Collections;

/** Settings that make an engine do within a test what it else does within days. */
final class QuickSettings {
  private QuickSettings() {}

  /** So many retries, a moment apart. */
  static DeliverySettings retries(int count) {
    return with(
        new RetrySchedule(Collections.nCopies(count, Duration.ofMillis(20)), 0),
        Duration.ofDays(5));
  }

  static DeliverySettings with(RetrySchedule schedule, Duration disableAfter) {
    return new DeliverySettings(
        schedule,
        32,
        256,
        Duration.ofSeconds(15),
        disableAfter,
        Duration.ofMillis(300),
        new BufferLimits(100, 500, 1 << 20, Duration.ofMillis(50)));
  }
}
