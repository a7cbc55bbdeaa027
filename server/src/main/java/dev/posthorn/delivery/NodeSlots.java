package dev.posthorn.delivery;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * How many requests this node may have under way at once, over all lanes.
 *
 * <p>Half of the slots are only for lanes whose receivers answer, so that any number of hanging
 * receivers leaves room for the others. A lane that is refused is called when a slot that it may
 * use is free; the two kinds of lanes take turns, so that a new receiver gets its chance to answer.
 */
final class NodeSlots {
  /** Called, outside every lock, when a slot has become free for it. */
  interface Waiter {
    void slotMayBeFree();
  }

  private final int total;
  private int used;
  private int usedByUnproven;
  private final Set<Waiter> answering = new LinkedHashSet<>();
  private final Set<Waiter> unproven = new LinkedHashSet<>();
  private boolean unprovenCalledLast;

  /** Has its slot already when it is called. */
  private static final class Blocked implements Waiter {
    private final Semaphore given = new Semaphore(0);

    @Override
    public void slotMayBeFree() {
      given.release();
    }
  }

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
    occupy(answers);
    return true;
  }

  /** Takes a slot; waits for it as long as it takes, behind those that wait already. */
  void take(boolean answers) {
    Blocked blocked = new Blocked();
    if (!takeOrWait(answers, blocked)) {
      blocked.given.acquireUninterruptibly();
    }
  }

  /**
   * Frees a slot.
   *
   * @param answers as it was taken
   */
  void free(boolean answers) {
    // A waiter may no longer need its slot, so one freed slot may have to be offered to several.
    for (Waiter next = vacate(answers); next != null; next = nextWaiter()) {
      next.slotMayBeFree();
    }
  }

  /** Nobody comes between a slot that is freed and the one who is blocked for it. */
  private synchronized @Nullable Waiter vacate(boolean answers) {
    used--;
    if (!answers) {
      usedByUnproven--;
    }
    return nextWaiter();
  }

  private void occupy(boolean answers) {
    used++;
    if (!answers) {
      usedByUnproven++;
    }
  }

  synchronized int used() {
    return used;
  }

  private boolean isFree(boolean answers) {
    return used < total && (answers || usedByUnproven < total / 2);
  }

  private synchronized @Nullable Waiter nextWaiter() {
    boolean forAnswering = isFree(true) && !answering.isEmpty();
    boolean forUnproven = isFree(false) && !unproven.isEmpty();
    if (!forAnswering && !forUnproven) {
      return null;
    }
    unprovenCalledLast = forUnproven && !(forAnswering && unprovenCalledLast);
    Waiter next = poll(unprovenCalledLast ? unproven : answering);
    if (next instanceof Blocked) {
      occupy(!unprovenCalledLast);
    }
    return next;
  }

  private static Waiter poll(Set<Waiter> line) {
    Waiter first = line.iterator().next();
    line.remove(first);
    return first;
  }
}
