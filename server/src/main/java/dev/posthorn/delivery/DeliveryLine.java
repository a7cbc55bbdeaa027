package dev.posthorn.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Buffered deliveries in the order in which they are to be sent, and what they cost.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class DeliveryLine {
  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
  private final BufferBudget budget;
  private long bytes;

  DeliveryLine(BufferBudget budget) {
    this.budget = budget;
  }

  void add(Delivery delivery) {
    waiting.addLast(delivery);
    count(delivery);
  }

  void putBack(Delivery delivery) {
    waiting.addFirst(delivery);
    count(delivery);
  }

  Optional<Delivery> poll() {
    Delivery next = waiting.poll();
    if (next != null) {
      discount(next);
    }
    return Optional.ofNullable(next);
  }

  /** Takes out those that match, and returns them. */
  List<Delivery> remove(Predicate<Delivery> which) {
    List<Delivery> removed = new ArrayList<>();
    waiting.removeIf(delivery -> which.test(delivery) && removed.add(delivery));
    removed.forEach(this::discount);
    return removed;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  private void count(Delivery delivery) {
    bytes += delivery.bytes();
    budget.take(delivery.bytes());
  }

  private void discount(Delivery delivery) {
    bytes -= delivery.bytes();
    budget.giveBack(delivery.bytes());
  }
}
