package dev.posthorn.delivery;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

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

  private final ArrayDeque<Delivery> firsts = new ArrayDeque<>();
  private final ArrayDeque<Delivery> retries = new ArrayDeque<>();
  private final Set<UUID> known = new HashSet<>(); // buffered or in flight
  private final Set<UUID> settledDuringFetch = new HashSet<>();
  private final Stored storedFirsts;
  private final Stored storedRetries;
  private final BufferLimits limits;
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
    firsts.forEach(delivery -> known.remove(delivery.eventId()));
    retries.forEach(delivery -> known.remove(delivery.eventId()));
    firsts.clear();
    retries.clear();
    bytes = 0;
    probe();
  }

  boolean isEmpty() {
    return firsts.isEmpty() && retries.isEmpty();
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

  private void add(ArrayDeque<Delivery> to, Delivery delivery) {
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
