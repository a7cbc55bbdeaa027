package dev.posthorn.webhook;

import java.time.Duration;

/**
 * What the operator says about webhooks.
 *
 * @param highestRateLimit the most requests in any 60 s that a webhook may ask for, 1 to 1,000,000
 * @param collectsWhileDisabled how long a webhook that was disabled by hand goes on collecting
 *     events
 */
public record WebhookSettings(int highestRateLimit, Duration collectsWhileDisabled) {
  public static final WebhookSettings DEFAULT = new WebhookSettings(1_000_000, Duration.ofDays(7));

  private static final int USUAL_RATE_LIMIT = 60;

  /**
   * @throws IllegalArgumentException unless both are in range
   */
  public WebhookSettings {
    if (highestRateLimit < 1 || highestRateLimit > 1_000_000) {
      throw new IllegalArgumentException("highestRateLimit is 1 to 1,000,000");
    }
    if (collectsWhileDisabled.isNegative()) {
      throw new IllegalArgumentException("collectsWhileDisabled is not negative");
    }
  }

  /** The rate limit of a webhook that does not name one. */
  int usualRateLimit() {
    return Math.min(USUAL_RATE_LIMIT, highestRateLimit);
  }
}
