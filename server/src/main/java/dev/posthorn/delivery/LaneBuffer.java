package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a lane has in memory of its webhook's due deliveries, and what it must still read from the
 * database.
 *
 * <p>Every delivery comes in through {@link #handOver} or {@link #fetched}, and both leave out what
 * is already buffered, in flight, or was settled while a fetch was running: the snapshot of that
 * fetch may be older than the settlement, and would bring back, and send again, what is done.
 *
 * <p>First attempts go before retries; every {@value #RETRY_TURN}th turn belongs to a retry, and a
 * fifth of the bytes, so neither starves.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class LaneBuffer {
  private static final int RETRY_TURN = 5;
  private static final Instant NEVER = Instant.MIN;

  private final BufferBudget budget;
  private final DeliveryLine urgent;
  private final Backlog firsts;
  private final Backlog retries;
  private final Map<UUID, Instant> known =
      new HashMap<>(); // buffered or in flight; handed over until
  private final Set<UUID> askedForInFlight = new HashSet<>();
  private final Readings readings = new Readings();
  private final LateHandovers lateHandovers = new LateHandovers();
  private final SkippedEvents skipped = new SkippedEvents();
  private int turn;
  private boolean fetching;
  private boolean retriesFetchedLast = true;

  /**
   * @param budget what the buffers of all lanes share
   */
  LaneBuffer(BufferLimits limits, BufferBudget budget) {
    this.budget = budget;
    this.urgent = new DeliveryLine(budget);
    long ofRetries = limits.bytes() / RETRY_TURN;
    this.firsts = new Backlog(false, limits.bytes() - ofRetries, limits, budget);
    this.retries = new Backlog(true, ofRetries, limits, budget);
  }

  /**
   * Takes a delivery that was just published.
   *
   * @return false when it was left in the database because the buffer is full, because others have
   *     waited there for long, or because it comes so late that it may be done with already; a
   *     later fetch brings it
   */
  boolean handOver(Delivery delivery, Instant now) {
    UUID event = delivery.eventId();
    if (isKnown(event) || lateHandovers.contains(event)) {
      return true;
    }
    boolean tooLate =
        !LateHandovers.until(delivery).isAfter(now) || skipped.mayHaveCancelled(event);
    if (tooLate || firsts.isFull() || !budget.hasRoom() || firsts.isUnfair(now)) {
      firsts.stored().probe();
      return false;
    }
    firsts.stored().overtaken(now);
    add(firsts.line(), delivery, NEVER);
    return true;
  }

  /** One delivery is being read, to go before all others. */
  void beginLookUp() {
    readings.begin();
  }

  /**
   * Takes what was read, wherever it is now, unless it is in flight or was settled meanwhile: then
   * a later fetch brings it, if it is still to be sent.
   *
   * @param found absent also when it could not be read, or may not be sent now
   */
  void endLookUp(Optional<Delivery> found) {
    boolean taken =
        found
            .filter(delivery -> !readings.mayBringBack(delivery.eventId()))
            .map(this::sendFirst)
            .orElse(false);
    if (!taken) {
      retries.stored().probe();
    }
    endReading();
  }

  private boolean sendFirst(Delivery delivery) {
    UUID event = delivery.eventId();
    boolean buffered =
        lines().anyMatch(line -> !drop(line, other -> other.eventId().equals(event)).isEmpty());
    boolean inFlight = !buffered && known.containsKey(event);
    if (inFlight) {
      askedForInFlight.add(event);
    } else {
      add(urgent, delivery, LateHandovers.until(delivery));
    }
    return !inFlight;
  }

  /** From now on nothing is taken of events up to this one: they are being cancelled. */
  void skipTo(UUID event) {
    skipped.begin(event);
    lines().forEach(line -> drop(line, this::isSkipped));
  }

  /** Up to which event nothing is taken. */
  Optional<UUID> skippingTo() {
    return skipped.begun();
  }

  /** The cancelling is done up to this event: the database holds no such delivery any more. */
  void skippedTo(UUID event) {
    skipped.done(event);
    endSkip();
  }

  /** What is being read may still bring what was cancelled. */
  private void endSkip() {
    if (skipped.isOver() && readings.areOver()) {
      skipped.end();
      probe();
    }
  }

  /** The database may hold due deliveries anywhere: look from the start. */
  void probe() {
    firsts.stored().probe();
    retries.stored().probe();
  }

  /** Retries have become due. */
  void retriesAreDue() {
    retries.stored().probe();
  }

  /**
   * The fetch to run now, if the buffer runs low and the database may hold more; at most one runs
   * at a time, and the two kinds take turns.
   */
  Optional<Fetch> beginFetch(Instant now) {
    if (fetching) {
      return Optional.empty();
    }
    Optional<Fetch> fetch =
        retriesFetchedLast
            ? firsts.beginFetch(now).or(() -> retries.beginFetch(now))
            : retries.beginFetch(now).or(() -> firsts.beginFetch(now));
    fetch.ifPresent(this::begin);
    return fetch;
  }

  private void begin(Fetch fetch) {
    fetching = true;
    readings.begin();
    retriesFetchedLast = fetch.retries();
  }

  /** When a fetch that is wanted, and not yet allowed, may be made. */
  Optional<Instant> nextFetchAt(Instant now) {
    return fetching
        ? Optional.empty()
        : Stream.of(firsts.stored(), retries.stored())
            .flatMap(stored -> stored.allowedAt(now).stream())
            .min(Instant::compareTo);
  }

  /**
   * Takes what a fetch found.
   *
   * @param reachedEnd whether the database holds nothing due behind the last of them
   */
  void fetched(Fetch fetch, List<Delivery> found, boolean reachedEnd) {
    stored(fetch).fetched(found, reachedEnd);
    for (Delivery delivery : found) {
      if (!isKnown(delivery.eventId())) {
        add(line(delivery), delivery, LateHandovers.until(delivery));
      }
    }
    endFetch();
  }

  /** How long the fetch took that ends now. */
  void fetchTook(Fetch fetch, Duration time) {
    stored(fetch).took(fetch, time);
  }

  /** A fetch could not be made; what it looked for is still wanted. */
  void fetchFailed(Fetch fetch, Instant now) {
    stored(fetch).failed(now);
    endFetch();
  }

  /**
   * Takes the next delivery to send out of the buffer; it stays known until it is settled or put
   * back.
   */
  Optional<Delivery> take() {
    Optional<Delivery> first = urgent.poll();
    if (first.isPresent()) {
      return first;
    }
    boolean retryTurn = turn % RETRY_TURN == RETRY_TURN - 1;
    Optional<Delivery> next =
        retryTurn
            ? retries.line().poll().or(firsts.line()::poll)
            : firsts.line().poll().or(retries.line()::poll);
    next.ifPresent(taken -> turn++);
    return next;
  }

  /** Puts back what was taken and not sent, to be the next. */
  void putBack(Delivery delivery) {
    boolean askedFor = askedForInFlight.remove(delivery.eventId());
    if (isSkipped(delivery)) {
      known.remove(delivery.eventId());
    } else {
      (askedFor ? urgent : line(delivery)).putBack(delivery);
    }
  }

  /** The outcome of a delivery that was taken is stored. */
  void settled(UUID eventId, Instant now) {
    Instant handedOverUntil = known.remove(eventId);
    if (handedOverUntil != null) {
      lateHandovers.settled(eventId, handedOverUntil, now);
    }
    if (askedForInFlight.remove(eventId)) {
      retries.stored().probe();
    }
    readings.settled(eventId);
  }

  /** Forgets what is buffered, or is being read; it stays in the database, to be read anew. */
  void dropBuffered() {
    boolean anything = fetching || !isEmpty();
    lines().forEach(line -> drop(line, delivery -> true));
    if (anything) {
      firsts.stored().restart();
      retries.stored().restart();
    } else {
      probe();
    }
  }

  boolean isEmpty() {
    return lines().allMatch(DeliveryLine::isEmpty);
  }

  /** Whether nothing is known of and nothing is to be looked for. */
  boolean isIdle() {
    return holdsNothing() && !firsts.stored().isWanted() && !retries.stored().isWanted();
  }

  /** Whether nothing is known of, though there may be something to look for. */
  boolean holdsNothing() {
    return known.isEmpty() && readings.areOver();
  }

  long bytes() {
    return lines().mapToLong(DeliveryLine::bytes).sum();
  }

  private Stream<DeliveryLine> lines() {
    return Stream.of(urgent, firsts.line(), retries.line());
  }

  private DeliveryLine line(Delivery delivery) {
    return (delivery.retry() ? retries : firsts).line();
  }

  private StoredLine stored(Fetch fetch) {
    return (fetch.retries() ? retries : firsts).stored();
  }

  private boolean isKnown(UUID event) {
    return known.containsKey(event) || readings.mayBringBack(event);
  }

  private boolean isSkipped(Delivery delivery) {
    return skipped.includes(delivery.eventId());
  }

  private List<Delivery> drop(DeliveryLine line, Predicate<Delivery> which) {
    List<Delivery> dropped = line.remove(which);
    dropped.forEach(delivery -> known.remove(delivery.eventId()));
    return dropped;
  }

  private void add(DeliveryLine line, Delivery delivery, Instant handedOverUntil) {
    if (!isSkipped(delivery)) {
      known.put(delivery.eventId(), handedOverUntil);
      line.add(delivery);
    }
  }

  private void endFetch() {
    fetching = false;
    endReading();
  }

  private void endReading() {
    readings.end();
    endSkip();
  }
}
