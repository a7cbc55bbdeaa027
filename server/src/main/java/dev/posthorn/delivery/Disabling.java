package dev.posthorn.delivery;

import dev.posthorn.webhook.DisabledReason;
import java.time.Duration;

/** Why the engine disables a webhook, and for how long events are still collected for it. */
enum Disabling {
  /** It answered 410: it wants nothing more. */
  GONE(DisabledReason.GONE, Duration.ZERO),
  /** It has done nothing but fail for days. */
  FAILING(DisabledReason.FAILING, Duration.ofDays(7));

  private final DisabledReason reason;
  private final Duration goesOnCollecting;

  Disabling(DisabledReason reason, Duration goesOnCollecting) {
    this.reason = reason;
    this.goesOnCollecting = goesOnCollecting;
  }

  /** As the API shows it in {@code disabled_reason}. */
  String reason() {
    return reason.text();
  }

  Duration goesOnCollecting() {
    return goesOnCollecting;
  }
}
