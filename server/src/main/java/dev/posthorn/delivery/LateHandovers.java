package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * Deliveries that were read from the database and are settled, while their hand-over may still be
 * on its way: a publisher's thread may rest between its commit and the hand-over for longer than
 * the whole delivery takes. A hand-over that comes later than {@link #PATIENCE} after the event was
 * made is left to the database, so ids need not be kept for longer.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class LateHandovers {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Set<UUID> settled = new HashSet<>();
  private final Queue<Entry> order = new ArrayDeque<>();

  private record Entry(UUID eventId, Instant until) {}

  /** Until when a hand-over of a delivery is taken. */
  static Instant until(Delivery delivery) {
    return delivery.dueAt().plus(PATIENCE);
  }

  /**
   * A delivery that was read from the database is settled; it may be handed over until then.
   *
   * @param until counts for {@link #PATIENCE} at most: one that lies far ahead, by a clock that
   *     does, keeps none of those behind it
   */
  void settled(UUID eventId, Instant until, Instant now) {
    forget(now);
    if (until.isAfter(now) && settled.add(eventId)) {
      Instant latest = now.plus(PATIENCE);
      order.add(new Entry(eventId, until.isBefore(latest) ? until : latest));
    }
  }

  int size() {
    return settled.size();
  }

  boolean contains(UUID eventId) {
    return settled.contains(eventId);
  }

  private void forget(Instant now) {
    for (Entry oldest = order.peek();
        oldest != null && !oldest.until().isAfter(now);
        oldest = order.peek()) {
      settled.remove(oldest.eventId());
      order.remove();
    }
  }
}
