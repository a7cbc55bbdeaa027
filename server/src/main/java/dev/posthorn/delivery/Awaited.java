package dev.posthorn.delivery;

/** What came of a delivery that somebody waits for. */
sealed interface Awaited {
  /** An attempt was made. */
  record Attempted(StoredAttempt attempt) implements Awaited {}

  /** None was made yet: the rate window is full, or the receiver takes its time. */
  record Due(StoredDelivery delivery, ReceivingWebhook webhook) implements Awaited {}
}
