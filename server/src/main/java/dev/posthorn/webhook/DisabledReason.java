package dev.posthorn.webhook;

import java.util.Locale;

/** Why nothing is sent to a webhook; the closed list of {@code disabled_reason}. */
public enum DisabledReason {
  /** Its owner said so; it goes on collecting events for a while. */
  BY_HAND,
  /** It did nothing but fail for days; it goes on collecting events for a while. */
  FAILING,
  /** It answered 410: it collects no more events. */
  GONE;

  /** As the API shows it and the database keeps it: {@code by_hand}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
