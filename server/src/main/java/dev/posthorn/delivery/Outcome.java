package dev.posthorn.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * What is written down after an attempt: the attempt itself, what becomes of its delivery, and what
 * changes for its webhook.
 *
 * @param holdUntil until when the whole lane waits, when the receiver asked for it
 * @param failing what changes in the webhook's run of failures
 * @param run that run, as it is when it is looked at
 */
record Outcome(
    LaneKey lane,
    Delivery delivery,
    Attempt attempt,
    Verdict verdict,
    Optional<Instant> holdUntil,
    FailureRun.Change failing,
    FailureRun run) {

  /** Whether the webhook gets nothing more after this. */
  boolean disables() {
    return verdict instanceof Verdict.Gone || failing == FailureRun.Change.DISABLE;
  }

  /** The same without what the receiver sent, for when that cannot be stored. */
  Outcome withoutDetails() {
    Attempt bare =
        new Attempt(
            attempt.id(),
            attempt.number(),
            attempt.startedAt(),
            attempt.holdsUntil(),
            attempt.places(),
            Optional.empty());
    return new Outcome(lane, delivery, bare, verdict, holdUntil, failing, run);
  }
}
