package dev.posthorn.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * What happens next to a pending delivery, as far as the rows tell. What only the memory of its
 * webhook's owner knows (a request under way, the exact rate window) is told as {@link #QUEUED} or
 * from the counts of the last two minutes.
 */
enum NextStep {
  WEBHOOK_DELETED("The webhook was deleted; this delivery is about to be cancelled."),
  BEING_SKIPPED("It is about to be cancelled, as was asked for what waits."),
  WEBHOOK_DISABLED("It waits until the webhook is enabled again; then it is sent or skipped."),
  RECEIVER_ASKED_TO_WAIT(
      "The receiver asked for a pause with Retry-After; nothing is sent to it before that."),
  RETRY_SCHEDULED("The last attempt failed; it is tried again then."),
  WAITING_FOR_RATE_LIMIT(
      "The webhook has made as many requests as its rate limit allows; it goes when one is free again."),
  QUEUED("It is due, and goes as soon as those before it are under way.");

  private final String sentence;

  NextStep(String sentence) {
    this.sentence = sentence;
  }

  /** One sentence for people. */
  String sentence() {
    return sentence;
  }

  /**
   * A step and when it comes.
   *
   * @param at the earliest moment of the next attempt; absent when that depends on more than time
   */
  record Planned(NextStep step, Optional<Instant> at) {}

  /** What happens next; empty for a settled delivery. */
  static Optional<Planned> of(StoredDelivery delivery, ReceivingWebhook webhook, Instant now) {
    return delivery.isPending() ? Optional.of(ofPending(delivery, webhook, now)) : Optional.empty();
  }

  private static Planned ofPending(StoredDelivery delivery, ReceivingWebhook webhook, Instant now) {
    if (webhook.deleted()) {
      return new Planned(WEBHOOK_DELETED, Optional.empty());
    }
    if (webhook.skips(delivery.eventId())) {
      return new Planned(BEING_SKIPPED, Optional.empty());
    }
    if (!webhook.enabled()) {
      return new Planned(WEBHOOK_DISABLED, Optional.empty());
    }
    return ofEnabled(delivery, webhook, now);
  }

  private static Planned ofEnabled(StoredDelivery delivery, ReceivingWebhook webhook, Instant now) {
    Instant due = delivery.retry() ? delivery.dueAt() : Instant.MIN;
    Instant hold = webhook.holdUntil() == null ? Instant.MIN : webhook.holdUntil();
    if (now.isBefore(hold) && !hold.isBefore(due)) {
      return new Planned(RECEIVER_ASKED_TO_WAIT, Optional.of(hold));
    }
    if (now.isBefore(due)) {
      return new Planned(RETRY_SCHEDULED, Optional.of(due));
    }
    boolean full = webhook.attemptsLately() >= webhook.rateLimit();
    return new Planned(full ? WAITING_FOR_RATE_LIMIT : QUEUED, Optional.empty());
  }
}
