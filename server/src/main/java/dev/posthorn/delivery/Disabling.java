package dev.posthorn.delivery;

import java.time.Duration;

/** Why the engine disables a webhook, and for how long events are still collected for it. */
enum Disabling {
  /** It answered 410: it wants nothing more. */
  GONE("gone", Duration.ZERO),
  /** It has done nothing but fail for days. */
  FAILING("failing", Duration.ofDays(7));

  private final String reason;
  private final Duration goesOnCollecting;

  Disabling(String reason, Duration goesOnCollecting) {
    this.reason = reason;
    this.goesOnCollecting = goesOnCollecting;
  }

  /** As the API shows it in {@code disabled_reason}. */
  String reason() {
    return reason;
  }

  Duration goesOnCollecting() {
    return goesOnCollecting;
  }
}
