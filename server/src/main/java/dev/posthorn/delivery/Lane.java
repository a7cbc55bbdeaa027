package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.egress.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries of one webhook, on the node that owns it.
 *
 * <pre>
 *   handOver, fetch ──► buffer ──► a place in the rate window, a slot of the lane, a slot of the node ──► Sending
 *                                                                                                          │
 *      buffer ◄── withheld (the lease ended, the webhook changed): everything is given back ◄──────────────┤
 *   next one  ◄── recorded, givenUp: its slot is free again    ◄── outcome stored ◄── ended: window, slot ◄┘
 * </pre>
 *
 * <p>Whatever may let a delivery go (a hand-over, an outcome, a timer, a change) calls {@link
 * #pump}, which starts all that can be started. One lock guards all state; it is never held while
 * anything blocks.
 */
final class Lane implements NodeSlots.Waiter, Recorder.Listener {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  /**
   * A lane outlives every reading of its webhook that was begun before its last change, so that no
   * new one is made from what such a reading brings.
   */
  private static final Duration KEPT = Duration.ofSeconds(60);

  /** How long a delivery is left alone before it is sent again, when its outcome is not stored. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(60);

  private final LaneParts parts;
  private final LaneBuffer buffer;
  private final LaneGate gate;
  private final FailureRun failures;
  private final Runnable reload;
  private final Alarm alarm;
  private final OneAtATime intents = new OneAtATime();
  private final Map<UUID, Sending> inFlight = new HashMap<>();
  private final Set<UUID> leftAlone = new HashSet<>(); // their outcomes are nowhere
  private LaneTarget target;
  private Instant nextRetry = Instant.MAX;
  private Instant keepUntil;
  private long awaitedRevision;
  private boolean open;
  private boolean draining;

  /**
   * @param reload reads the webhook anew, and applies it to this lane
   */
  Lane(
      LaneTarget target, RateWindow window, FailureRun failures, Runnable reload, LaneParts parts) {
    this.parts = parts;
    this.reload = reload;
    this.alarm = new Alarm(parts.workers(), this::pump);
    this.target = target;
    this.failures = failures;
    this.buffer = new LaneBuffer(parts.settings().buffers(), parts.buffers());
    this.gate = new LaneGate(target, window, parts);
    this.keepUntil = parts.clock().instant().plus(KEPT);
    buffer.probe();
  }

  LaneKey key() {
    return target().key();
  }

  synchronized LaneTarget target() {
    return target;
  }

  FailureRun failures() {
    return failures;
  }

  /**
   * Takes deliveries that were just published, or leaves them in the database while there is enough
   * in memory.
   *
   * @return false when this lane is given up: another one has to see to them
   */
  boolean handOver(List<Delivery> deliveries) {
    synchronized (this) {
      if (draining) {
        return false;
      }
      if (target.isSending()) {
        Instant now = parts.clock().instant();
        deliveries.forEach(delivery -> buffer.handOver(delivery, now));
      }
    }
    pump();
    return true;
  }

  /**
   * Sends a delivery as soon as the rate window has a place, before all others.
   *
   * @param lookUp reads it from the database, absent when it is not pending; it is left out when it
   *     is settled meanwhile
   */
  void sendFirst(Supplier<Optional<Delivery>> lookUp) {
    synchronized (this) {
      buffer.beginLookUp();
    }
    Optional<Delivery> found = Optional.empty();
    try {
      found = lookUp.get();
    } finally {
      synchronized (this) {
        buffer.endLookUp(found.filter(delivery -> mayWork()));
      }
    }
    pump();
  }

  /** What was asked of its deliveries is in force: the lane may begin. */
  void open() {
    synchronized (this) {
      open = true;
    }
    pump();
  }

  /** Who carries out what is asked of its deliveries. */
  OneAtATime intents() {
    return intents;
  }

  /** Begins nothing more of events up to this one. */
  synchronized void skipTo(UUID event) {
    buffer.skipTo(event);
  }

  /** Up to which event nothing begins. */
  synchronized Optional<UUID> skippingTo() {
    return buffer.skippingTo();
  }

  /** What waited of events up to this one is cancelled in the database. */
  void skippedTo(UUID event) {
    synchronized (this) {
      buffer.skippedTo(event);
    }
    pump();
  }

  synchronized Set<UUID> inFlightEvents() {
    return Set.copyOf(inFlight.keySet());
  }

  /** Whether this lane is still the one that writes the webhook's deliveries. */
  synchronized boolean isOwned() {
    return !draining;
  }

  /** There may be due deliveries in the database that this lane has not been handed. */
  void probe() {
    synchronized (this) {
      buffer.probe();
    }
    pump();
  }

  /** The webhook was changed: until that revision is applied, no request begins. */
  synchronized void await(long revision) {
    awaitedRevision = Math.max(awaitedRevision, revision);
  }

  /** Whether a change of the webhook is still to be read. */
  synchronized boolean isBehind() {
    return target.revision() < awaitedRevision;
  }

  /**
   * The webhook was changed: from now on no request begins that does not follow the new revision.
   */
  void change(LaneTarget changed) {
    synchronized (this) {
      if (changed.revision() <= target.revision()) {
        return;
      }
      boolean resumes = changed.isSending() && !target.isSending();
      if (resumes) {
        failures.restart(changed.failing());
      }
      gate.change(changed, resumes);
      target = changed;
      keepUntil = parts.clock().instant().plus(KEPT);
      if (!changed.isSending()) {
        buffer.dropBuffered();
      }
    }
    pump();
  }

  @Override
  public void slotMayBeFree() {
    synchronized (this) {
      gate.slotMayBeFree();
    }
    pump();
  }

  /** Starts everything that can be started now. */
  void pump() {
    List<Sending> startable = new ArrayList<>();
    Optional<Fetch> fetch;
    synchronized (this) {
      Instant now = parts.clock().instant();
      if (!now.isBefore(nextRetry)) {
        nextRetry = Instant.MAX;
        buffer.retriesAreDue();
      }
      for (Optional<Sending> next = begin(now); next.isPresent(); next = begin(now)) {
        startable.add(next.get());
      }
      fetch = mayWork() ? buffer.beginFetch(now) : Optional.empty();
      alarm.set(now, mayWork() ? nextMoment(now) : Instant.MAX);
    }
    startable.forEach(sending -> parts.workers().run(sending));
    fetch.ifPresent(wanted -> parts.workers().runFetch(() -> fetch(wanted)));
  }

  private Optional<Sending> begin(Instant now) {
    boolean mayBegin =
        mayWork()
            && !buffer.isEmpty()
            && leftAlone.size() <= gate.mostInFlight()
            && gate.enter(now, inFlight.size(), this);
    if (!mayBegin) {
      return Optional.empty();
    }
    return buffer
        .take()
        .map(delivery -> {
          Sending sending = new Sending(this, parts, target, delivery, gate.isAnswering());
          inFlight.put(delivery.eventId(), sending);
          return sending;
        });
  }

  private boolean mayWork() {
    return open && target.isSending() && !draining && target.revision() >= awaitedRevision;
  }

  private void fetch(Fetch fetch) {
    Instant now = parts.clock().instant();
    try {
      DeliveryQueue.Found found = parts.queue().fetch(key(), fetch, now);
      synchronized (this) {
        buffer.fetchTook(fetch, Duration.between(now, parts.clock().instant()));
        buffer.fetched(fetch, found.deliveries(), found.reachedEnd());
        found.nextRetry().ifPresent(this::retryAt);
        if (!mayWork()) {
          buffer.dropBuffered();
        }
      }
    } catch (RuntimeException | Error e) { // else nothing would be read any more
      synchronized (this) {
        buffer.fetchFailed(fetch, parts.clock().instant());
      }
      if (!Database.isTransient(e)) {
        log.error("deliveries of webhook {} could not be read", key().publicId(), e);
      }
    }
    pump();
  }

  private void retryAt(Instant due) {
    if (due.isBefore(nextRetry)) {
      nextRetry = due;
    }
  }

  /**
   * Whether a request that is about to be written may be: the lane has not changed since it was
   * begun. The lease is asked last, right before the first byte.
   */
  synchronized boolean mayWrite(Sending sending) {
    boolean may =
        mayWork() && sending.target().revision() == target.revision() && parts.lease().isFresh();
    if (may) {
      sending.writes();
    }
    return may;
  }

  /** Takes another place in the window for a request that has to be written once more. */
  synchronized boolean takeAnotherPlace() {
    return gate.enterAgain(parts.clock().instant());
  }

  /** Nothing was written: everything is as if the delivery had not been taken. */
  void withheld(Sending sending) {
    synchronized (this) {
      gate.withheld();
      inFlight.remove(sending.delivery().eventId());
      buffer.putBack(sending.delivery());
      if (!mayWork()) {
        buffer.dropBuffered();
      }
      notifyAll();
    }
    parts.slots().free(sending.answering());
    pump();
  }

  /**
   * An exchange ended.
   *
   * @param seenBy when the receiver has seen the request at the latest
   * @return what to store
   */
  Outcome ended(Sending sending, Attempt attempt, Exchange exchange, Instant seenBy) {
    try {
      synchronized (this) {
        gate.ended(sending, exchange, seenBy);
        return outcome(sending.delivery(), attempt, exchange);
      }
    } finally {
      parts.slots().free(sending.answering());
    }
  }

  private Outcome outcome(Delivery delivery, Attempt attempt, Exchange exchange) {
    Instant now = parts.clock().instant();
    Verdict.WithPause judged = parts.judge().judge(delivery, exchange, now);
    Optional<Instant> hold =
        judged.pause().isPositive() ? Optional.of(now.plus(judged.pause())) : Optional.empty();
    hold.ifPresent(gate::hold);
    boolean succeeded = judged.verdict() instanceof Verdict.Succeeded;
    FailureRun.Change change = succeeded ? failures.succeeded() : failures.failed(now);
    Outcome outcome =
        new Outcome(target.key(), delivery, attempt, judged.verdict(), hold, change, failures);
    stopIfDisabledBy(outcome);
    return outcome;
  }

  /**
   * An outcome that disables the webhook stops its lane at once; the stored revision follows with
   * the record.
   */
  private void stopIfDisabledBy(Outcome outcome) {
    if (outcome.disables() && target.isSending()) {
      target = target.disabled();
      buffer.dropBuffered();
    }
  }

  /** Outcomes are stored: their deliveries are done with, here. */
  @Override
  public void recorded(List<Outcome> outcomes) {
    synchronized (this) {
      Instant now = parts.clock().instant();
      outcomes.forEach(outcome -> settled(outcome, now));
      notifyAll();
    }
    if (outcomes.stream().anyMatch(Outcome::disables)) {
      // A change by hand may have come between: what is stored counts.
      parts.workers().runFetch(reload);
    }
    pump();
  }

  private void settled(Outcome outcome, Instant now) {
    UUID event = outcome.delivery().eventId();
    inFlight.remove(event);
    buffer.settled(event, now);
    if (outcome.verdict() instanceof Verdict.Retry retry) {
      retryAt(retry.dueAt());
    }
  }

  @Override
  public void givenUp(Outcome outcome) {
    leaveAlone(outcome.delivery().eventId());
  }

  /**
   * An outcome will not be stored: its delivery is under way no more, and due still. When there are
   * many, the lane stops: the rate window of the next owner could not know of them.
   */
  void leaveAlone(UUID event) {
    synchronized (this) {
      inFlight.remove(event);
      leftAlone.add(event);
      notifyAll();
    }
    // Known until then, so that no fetch brings it back.
    var _ = parts.workers().runLater(() -> lookAgainFor(event), LEFT_ALONE);
    pump();
  }

  private void lookAgainFor(UUID event) {
    synchronized (this) {
      leftAlone.remove(event);
      buffer.settled(event, parts.clock().instant());
      buffer.probe();
    }
    pump();
  }

  /** Whether it has sent what the database does not know of, and will not. */
  synchronized boolean hasUnrecorded() {
    return !leftAlone.isEmpty();
  }

  /** Begins nothing more. */
  synchronized void drain() {
    draining = true;
    buffer.dropBuffered();
    alarm.clear();
  }

  /** Waits until nothing is under way that its receiver may see. */
  synchronized boolean awaitQuiet(Instant deadline) throws InterruptedException {
    for (Instant now = parts.clock().instant();
        !stillInFlight().isEmpty();
        now = parts.clock().instant()) {
      if (!now.isBefore(deadline)) {
        return false;
      }
      wait(Math.max(1, Duration.between(now, deadline).toMillis()));
    }
    return true;
  }

  /**
   * What is still under way, when the shard is given up. What is not written by then never is: for
   * the database it was not begun.
   */
  synchronized Collection<Sending> stillInFlight() {
    return inFlight.values().stream().filter(Sending::isWriting).toList();
  }

  /** Gives the lane up if the database knows everything that it knows. */
  synchronized boolean retireIfIdle() {
    Instant now = parts.clock().instant();
    boolean nothingToDo = target.isSending() ? buffer.isIdle() : buffer.holdsNothing();
    boolean idle =
        nothingToDo
            && inFlight.isEmpty()
            && !intents.isRunning()
            && gate.isIdle(now)
            && !now.isBefore(keepUntil);
    if (idle) {
      draining = true;
      alarm.clear();
    }
    return idle;
  }

  synchronized int inFlight() {
    return inFlight.size();
  }

  /** The next moment at which time alone lets something happen. */
  private Instant nextMoment(Instant now) {
    Instant next = earlier(nextRetry, buffer.nextFetchAt(now).orElse(Instant.MAX));
    return buffer.isEmpty() ? next : earlier(next, gate.opensAt(now));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
