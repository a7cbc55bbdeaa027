package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.FailureClass;
import dev.posthorn.egress.TargetUrl;
import dev.posthorn.egress.Timings;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.egress.WriteGate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt under way: sends, on a virtual thread of its own, and has it recorded. */
final class Sending implements Runnable, WriteGate {
  private static final Logger log = LoggerFactory.getLogger(Sending.class);

  private final Lane lane;
  private final LaneParts parts;
  private final LaneTarget target;
  private final Delivery delivery;
  private final boolean answering;
  private final UUID attemptId;
  private final Instant startedAt;
  private final AtomicInteger places = new AtomicInteger(1);
  private volatile boolean writing;

  /**
   * @param target the webhook as of when this was begun
   * @param answering how its slot of the node was taken
   */
  Sending(Lane lane, LaneParts parts, LaneTarget target, Delivery delivery, boolean answering) {
    this.lane = lane;
    this.parts = parts;
    this.target = target;
    this.delivery = delivery;
    this.answering = answering;
    this.attemptId = parts.attemptIds().next();
    this.startedAt = parts.clock().instant();
  }

  LaneTarget target() {
    return target;
  }

  Delivery delivery() {
    return delivery;
  }

  boolean answering() {
    return answering;
  }

  /**
   * How many places of the rate window it has taken: one for each time that the request was
   * written.
   */
  int places() {
    return places.get();
  }

  @Override
  public void run() {
    Exchange exchange = exchange();
    if (exchange instanceof Exchange.Withheld) {
      lane.withheld(this);
      return;
    }
    try {
      end(exchange);
    } catch (RuntimeException | Error e) { // a fault of ours must not cost the lane a place
      log.error("what came of attempt {} was not taken in", attemptId, e);
      lane.leaveAlone(delivery.eventId());
    }
  }

  private void end(Exchange exchange) {
    Instant seenBy = seenBy(exchange);
    Instant holdsUntil = wasWritten(exchange) ? seenBy.plus(RateWindow.HOLD) : seenBy;
    Attempt attempt =
        new Attempt(
            attemptId,
            delivery.attempts() + 1,
            startedAt,
            holdsUntil,
            places.get(),
            Optional.of(exchange));
    Outcome outcome = lane.ended(this, attempt, exchange, seenBy);
    parts.recorder().record(outcome, lane);
  }

  private Exchange exchange() {
    return switch (target.url()) {
      case UrlRule.Accepted(TargetUrl url) -> send(url);
      // Stored under a wider rule: it fails like an address that is blocked at look-up.
      case UrlRule.Refused(var code, var message) ->
          new Exchange.Failed(FailureClass.BLOCKED_ADDRESS, message, false, noTime());
    };
  }

  private Exchange send(TargetUrl url) {
    try {
      return parts.sender().send(target, url, delivery, this);
    } catch (RuntimeException | Error e) { // a fault of ours must not cost the delivery its retries
      log.error(
          "attempt {} for webhook {} failed within Posthorn",
          attemptId,
          target.key().publicId(),
          e);
      return new Exchange.Failed(
          FailureClass.INTERNAL_ERROR, FailureClass.INTERNAL_ERROR.sentence(), true, noTime());
    }
  }

  private Timings noTime() {
    return new Timings(null, null, null, null, Duration.ZERO, parts.clock().nanos());
  }

  /** Whether the receiver may have seen the request. */
  boolean wasWritten(Exchange exchange) {
    return switch (exchange) {
      case Exchange.Answered ignored -> true;
      case Exchange.Failed failed -> failed.requestWritten();
      case Exchange.Withheld ignored -> false;
    };
  }

  private Instant seenBy(Exchange exchange) {
    Timings timings = exchange.timings();
    return parts.clock().at(timings.firstByteNanos().orElse(timings.endedNanos()));
  }

  @Override
  public boolean mayWrite() {
    return lane.mayWrite(this);
  }

  /** From now on the receiver may see the request. */
  void writes() {
    writing = true;
  }

  /** Whether the receiver may see, or have seen, the request. */
  boolean isWriting() {
    return writing;
  }

  /** A name server that hangs holds no slot. */
  @Override
  public void beforeLookup() {
    parts.slots().free(answering);
  }

  @Override
  public void afterLookup() {
    parts.slots().take(answering);
  }

  @Override
  public boolean mayWriteAgain() {
    boolean may = mayWrite() && lane.takeAnotherPlace();
    if (may) {
      places.incrementAndGet();
    }
    return may;
  }

  /**
   * The log entry of this attempt as long as its end is not known, for the owner that comes next.
   */
  Outcome leftOpen(Instant mustHaveEndedBy) {
    Attempt open =
        new Attempt(
            attemptId,
            delivery.attempts() + 1,
            startedAt,
            mustHaveEndedBy.plus(RateWindow.HOLD),
            places.get(),
            Optional.empty());
    return new Outcome(
        target.key(),
        delivery,
        open,
        new Verdict.LeftOpen(mustHaveEndedBy, delivery.step()),
        Optional.empty(),
        FailureRun.Change.NONE,
        lane.failures());
  }
}
