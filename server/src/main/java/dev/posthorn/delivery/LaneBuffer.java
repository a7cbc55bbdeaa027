package dev.posthorn.delivery;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a lane has in memory of its webhook's due deliveries, and what it must still read from the
 * database.
 *
 * <p>Every delivery comes in through {@link #handOver} or {@link #fetched}, and both leave out what
 * is already buffered, in flight, or was settled while a fetch was running: the snapshot of that
 * fetch may be older than the settlement, and would bring back, and send again, what is done.
 *
 * <p>First attempts go before retries; every {@value #RETRY_TURN}th turn belongs to a retry, so
 * neither starves.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class LaneBuffer {
  private static final int RETRY_TURN = 5;

  private final ArrayDeque<Delivery> urgent = new ArrayDeque<>();
  private final ArrayDeque<Delivery> firsts = new ArrayDeque<>();
  private final ArrayDeque<Delivery> retries = new ArrayDeque<>();
  private final Set<UUID> known = new HashSet<>(); // buffered or in flight
  private final Set<UUID> settledDuringFetch = new HashSet<>();
  private final Stored storedFirsts;
  private final Stored storedRetries;
  private final BufferLimits limits;
  private @Nullable UUID skipTo;
  private long bytes;
  private int turn;
  private boolean fetching;

  LaneBuffer(BufferLimits limits) {
    this.limits = limits;
    this.storedFirsts = new Stored(false);
    this.storedRetries = new Stored(true);
  }

  /**
   * Takes a delivery that was just published.
   *
   * @return false when it was left in the database because the buffer is full; a later fetch brings
   *     it
   */
  boolean handOver(Delivery delivery) {
    if (known.contains(delivery.eventId()) || settledDuringFetch.contains(delivery.eventId())) {
      return true;
    }
    if (!hasRoom()) {
      storedFirsts.probe();
      return false;
    }
    add(firsts, delivery);
    return true;
  }

  /** Takes a delivery that goes before all others, wherever it is now, unless it is in flight. */
  void sendFirst(Delivery delivery) {
    boolean buffered = remove(firsts, delivery) || remove(retries, delivery);
    if (buffered || !known.contains(delivery.eventId())) {
      add(urgent, delivery);
    }
  }

  /** From now on nothing is taken of events up to this one: they are being cancelled. */
  void skipTo(UUID event) {
    if (skipTo == null || event.compareTo(skipTo) > 0) {
      skipTo = event;
    }
    List.of(urgent, firsts, retries).forEach(this::dropSkipped);
  }

  /** The cancelling is done: the database holds no such delivery any more. */
  void skippedAll() {
    skipTo = null;
  }

  /** The database may hold due deliveries anywhere: look from the start. */
  void probe() {
    storedFirsts.probe();
    storedRetries.probe();
  }

  /** Retries have become due. */
  void retriesAreDue() {
    storedRetries.probe();
  }

  /**
   * The fetch to run now, if the buffer runs low and the database may hold more; at most one runs
   * at a time.
   */
  Optional<Fetch> beginFetch(Instant now) {
    if (fetching) {
      return Optional.empty();
    }
    Optional<Fetch> fetch =
        firsts.size() < limits.low() ? storedFirsts.fetch(now) : Optional.empty();
    if (fetch.isEmpty() && retries.size() < limits.low()) {
      fetch = storedRetries.fetch(now);
    }
    fetching = fetch.isPresent();
    return fetch;
  }

  /** When a fetch that is wanted, and not yet allowed, may be made. */
  Optional<Instant> nextFetchAt(Instant now) {
    if (fetching) {
      return Optional.empty();
    }
    return Stream.of(storedFirsts, storedRetries)
        .filter(stored -> stored.probe)
        .map(stored -> stored.lastProbe.plus(limits.probeInterval()))
        .filter(at -> at.isAfter(now))
        .min(Comparator.naturalOrder());
  }

  /**
   * Takes what a fetch found.
   *
   * @param reachedEnd whether the database holds nothing due behind the last of them
   */
  void fetched(Fetch fetch, List<Delivery> found, boolean reachedEnd) {
    (fetch.retries() ? storedRetries : storedFirsts).fetched(found, reachedEnd);
    for (Delivery delivery : found) {
      if (!known.contains(delivery.eventId()) && !settledDuringFetch.contains(delivery.eventId())) {
        add(delivery.retry() ? retries : firsts, delivery);
      }
    }
    endFetch();
  }

  /** A fetch could not be made; what it looked for is still wanted. */
  void fetchFailed(Fetch fetch) {
    (fetch.retries() ? storedRetries : storedFirsts).probe();
    endFetch();
  }

  /**
   * Takes the next delivery to send out of the buffer; it stays known until it is settled or put
   * back.
   */
  Optional<Delivery> take() {
    Delivery first = urgent.poll();
    if (first != null) {
      bytes -= first.bytes();
      return Optional.of(first);
    }
    boolean retryTurn = turn % RETRY_TURN == RETRY_TURN - 1;
    ArrayDeque<Delivery> preferred = retryTurn ? retries : firsts;
    ArrayDeque<Delivery> from = preferred.isEmpty() ? (retryTurn ? firsts : retries) : preferred;
    Optional<Delivery> next = Optional.ofNullable(from.poll());
    next.ifPresent(delivery -> {
      turn++;
      bytes -= delivery.bytes();
    });
    return next;
  }

  /** Puts back what was taken and not sent, to be the next. */
  void putBack(Delivery delivery) {
    (delivery.retry() ? retries : firsts).addFirst(delivery);
    bytes += delivery.bytes();
  }

  /** The outcome of a delivery that was taken is stored. */
  void settled(UUID eventId) {
    known.remove(eventId);
    if (fetching) {
      settledDuringFetch.add(eventId);
    }
  }

  /** Forgets what is buffered; it stays in the database. */
  void dropBuffered() {
    for (ArrayDeque<Delivery> buffered : List.of(urgent, firsts, retries)) {
      buffered.forEach(delivery -> known.remove(delivery.eventId()));
      buffered.clear();
    }
    bytes = 0;
    probe();
  }

  boolean isEmpty() {
    return urgent.isEmpty() && firsts.isEmpty() && retries.isEmpty();
  }

  /** Whether nothing is known of and nothing is to be looked for. */
  boolean isIdle() {
    return known.isEmpty() && !fetching && !storedFirsts.isWanted() && !storedRetries.isWanted();
  }

  long bytes() {
    return bytes;
  }

  private boolean hasRoom() {
    return firsts.size() < limits.high() && bytes < limits.bytes();
  }

  private boolean remove(ArrayDeque<Delivery> from, Delivery delivery) {
    Iterator<Delivery> buffered = from.iterator();
    while (buffered.hasNext()) {
      Delivery next = buffered.next();
      if (next.eventId().equals(delivery.eventId())) {
        buffered.remove();
        known.remove(next.eventId());
        bytes -= next.bytes();
        return true;
      }
    }
    return false;
  }

  private void dropSkipped(ArrayDeque<Delivery> from) {
    List.copyOf(from).stream()
        .filter(delivery -> isSkipped(delivery.eventId()))
        .forEach(delivery -> remove(from, delivery));
  }

  private boolean isSkipped(UUID event) {
    return skipTo != null && event.compareTo(skipTo) <= 0;
  }

  private void add(ArrayDeque<Delivery> to, Delivery delivery) {
    if (isSkipped(delivery.eventId())) {
      return;
    }
    known.add(delivery.eventId());
    to.add(delivery);
    bytes += delivery.bytes();
  }

  private void endFetch() {
    fetching = false;
    settledDuringFetch.clear();
  }

  /**
   * How far one of the two kinds has been read from the database, and whether there may be more.
   */
  private final class Stored {
    private final boolean retries;
    private Optional<Position> position = Optional.empty();
    private boolean more; // behind the position
    private boolean probe; // anywhere
    private Instant lastProbe = Instant.MIN;

    private Stored(boolean retries) {
      this.retries = retries;
    }

    private void probe() {
      probe = true;
    }

    private boolean isWanted() {
      return more || probe;
    }

    private Optional<Fetch> fetch(Instant now) {
      // Behind the position first: a probe walks over every index entry that was settled and not
      // yet cleaned up.
      if (more) {
        return Optional.of(new Fetch(retries, position, limits));
      }
      if (!probe || lastProbe.plus(limits.probeInterval()).isAfter(now)) {
        return Optional.empty();
      }
      probe = false;
      lastProbe = now;
      return Optional.of(new Fetch(retries, Optional.empty(), limits));
    }

    private void fetched(List<Delivery> found, boolean reachedEnd) {
      more = !reachedEnd;
      if (!found.isEmpty()) {
        Delivery last = found.getLast();
        position = Optional.of(new Position(last.dueAt(), last.eventId()));
      }
    }
  }
}
