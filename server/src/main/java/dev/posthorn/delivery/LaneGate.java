package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import java.time.Duration;
import java.time.Instant;

/**
 * What a request of a lane needs before it may begin: no pause that the receiver asked for, fewer
 * under way than the lane may have, the node's lease, a place in the rate window, and a slot of the
 * node.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class LaneGate {
  private static final Duration LEASE_CHECK = Duration.ofMillis(200);

  private final RateWindow window;
  private final InFlightLimit limit;
  private final Lease lease;
  private final NodeSlots slots;
  private Instant holdUntil;
  private boolean waitsForSlot;

  LaneGate(LaneTarget target, RateWindow window, LaneParts parts) {
    this.window = window;
    this.limit = new InFlightLimit(parts.settings().laneInFlight(), target.rateLimit());
    this.lease = parts.lease();
    this.slots = parts.slots();
    this.holdUntil = target.holdUntil().orElse(Instant.MIN);
  }

  /**
   * Takes a place in the window and a slot, the latter as {@link #isAnswering} says; nothing if
   * anything is missing.
   *
   * @param inFlight how many are under way
   * @param waiter called when there may be a slot, if that is what is missing
   */
  boolean enter(Instant now, int inFlight, NodeSlots.Waiter waiter) {
    boolean mayEnter =
        !waitsForSlot
            && inFlight < limit.current()
            && !now.isBefore(holdUntil)
            && lease.isFresh()
            && window.tryTake(now);
    if (!mayEnter) {
      return false;
    }
    waitsForSlot = !slots.takeOrWait(limit.isAnswering(), waiter);
    if (waitsForSlot) {
      window.giveBack();
    }
    return !waitsForSlot;
  }

  /** Whether the receiver answered the last request, in any way. */
  boolean isAnswering() {
    return limit.isAnswering();
  }

  /** How many a receiver that answers may have under way. */
  int mostInFlight() {
    return limit.ceiling();
  }

  void slotMayBeFree() {
    waitsForSlot = false;
  }

  /** Takes another place for a request that has to be written once more. */
  boolean enterAgain(Instant now) {
    return window.tryTake(now);
  }

  /** Nothing was written: the place is free again. The slot is not freed here. */
  void withheld() {
    window.giveBack();
  }

  /**
   * An exchange ended. Its slot is not freed here.
   *
   * @param seenBy when the receiver has seen the request at the latest
   */
  void ended(Sending sending, Exchange exchange, Instant seenBy) {
    for (int place = 0; place < sending.places(); place++) {
      if (sending.wasWritten(exchange)) {
        window.settle(seenBy);
      } else {
        window.giveBack();
      }
    }
    if (exchange instanceof Exchange.Answered) {
      limit.answered();
      waitsForSlot = false; // it may have been in line as one that does not answer
    } else {
      limit.unanswered();
    }
  }

  /** The receiver asked for a pause; the longest one counts. */
  void hold(Instant until) {
    if (until.isAfter(holdUntil)) {
      holdUntil = until;
    }
  }

  /**
   * The webhook was changed.
   *
   * @param resumes whether it was not sent to before: then the pause it has now counts
   */
  void change(LaneTarget changed, boolean resumes) {
    window.changeLimit(changed.rateLimit());
    limit.changeRateLimit(changed.rateLimit());
    if (resumes) {
      holdUntil = changed.holdUntil().orElse(Instant.MIN);
    }
  }

  /** When time alone may let the next one in; {@link Instant#MAX} when something else has to. */
  Instant opensAt(Instant now) {
    if (now.isBefore(holdUntil)) {
      return holdUntil;
    }
    if (!lease.isFresh()) {
      return now.plus(LEASE_CHECK);
    }
    return window.nextFree(now).orElse(Instant.MAX);
  }

  /** Whether nothing would be forgotten with this gate. */
  boolean isIdle(Instant now) {
    return window.isIdle(now) && !now.isBefore(holdUntil);
  }
}
