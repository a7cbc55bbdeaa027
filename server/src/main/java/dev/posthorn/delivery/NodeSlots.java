package dev.posthorn.delivery;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How many requests this node may have under way at once, over all lanes.
 *
 * <p>Half of the slots are only for lanes whose receivers answer, so that any number of hanging
 * receivers leaves room for the others. A lane that is refused is called when a slot that it may
 * use is free.
 */
final class NodeSlots {
  /** Called, outside every lock, when a slot has become free for it. */
  interface Waiter {
    void slotMayBeFree();
  }

  private final int total;
  private int used;
  private int usedByUnproven;
  private final Queue<Waiter> answering = new ArrayDeque<>();
  private final Queue<Waiter> unproven = new ArrayDeque<>();

  NodeSlots(int total) {
    this.total = Math.max(2, total);
  }

  /**
   * Takes a slot, or puts the waiter in line for one.
   *
   * @param answers whether the lane's receiver answered last time
   */
  synchronized boolean takeOrWait(boolean answers, Waiter waiter) {
    if (!isFree(answers)) {
      (answers ? answering : unproven).add(waiter);
      return false;
    }
    used++;
    if (!answers) {
      usedByUnproven++;
    }
    return true;
  }

  /**
   * Frees a slot.
   *
   * @param answers as it was taken
   */
  void free(boolean answers) {
    synchronized (this) {
      used--;
      if (!answers) {
        usedByUnproven--;
      }
    }
    // A waiter may no longer need its slot, so one freed slot may have to be offered to several.
    for (Waiter next = nextWaiter(); next != null; next = nextWaiter()) {
      next.slotMayBeFree();
    }
  }

  synchronized int used() {
    return used;
  }

  private boolean isFree(boolean answers) {
    return used < total && (answers || usedByUnproven < total / 2);
  }

  private synchronized @Nullable Waiter nextWaiter() {
    if (isFree(true) && !answering.isEmpty()) {
      return answering.poll();
    }
    return isFree(false) ? unproven.poll() : null;
  }
}
