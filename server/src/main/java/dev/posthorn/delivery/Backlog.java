package dev.posthorn.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * One kind of a webhook's due deliveries, retries or first attempts: what its lane holds of them in
 * memory, and how far they were read from the database.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class Backlog {
  private final BufferLimits limits;
  private final BufferBudget budget;
  private final long byteShare;
  private final DeliveryLine line;
  private final StoredLine stored;

  /**
   * @param byteShare of the lane's bytes, so many are for this kind; at least 1
   */
  Backlog(boolean retries, long byteShare, BufferLimits limits, BufferBudget budget) {
    this.limits = limits;
    this.budget = budget;
    this.byteShare = Math.max(1, byteShare);
    this.line = new DeliveryLine(budget);
    this.stored = new StoredLine(retries, limits.probeInterval());
  }

  /** What is in memory. */
  DeliveryLine line() {
    return line;
  }

  /** What is in the database. */
  StoredLine stored() {
    return stored;
  }

  boolean isFull() {
    return line.size() >= limits.high() || line.bytes() >= byteShare;
  }

  /**
   * Nothing is read while there is enough in memory: if that were refilled by what is new for ever,
   * what was left in the database would wait for ever.
   */
  boolean isUnfair(Instant now) {
    return hasEnough() && stored.isOvertakenForLong(now);
  }

  private boolean hasEnough() {
    return line.size() >= limits.low() || line.bytes() > byteShare / 2;
  }

  /** The fetch to run now, if memory runs low and the database may hold more. */
  Optional<Fetch> beginFetch(Instant now) {
    if (hasEnough() || (!line.isEmpty() && !budget.hasRoom())) {
      return Optional.empty();
    }
    return budget.hasRoom()
        ? stored.begin(now, Math.max(1, limits.high() - line.size()), byteShare - line.bytes())
        : stored.begin(now, 1, 1);
  }
}
