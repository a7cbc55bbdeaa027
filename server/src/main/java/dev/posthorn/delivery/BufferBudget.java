package dev.posthorn.delivery;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the buffers of all lanes may hold together.
 *
 * <p>It is asked before more is read or taken over, so it is overshot by what is being read at that
 * moment. A lane that has nothing buffered may always hold one delivery: lanes that wait for their
 * rate windows with full buffers must not stop the others.
 */
final class BufferBudget {
  private final long total;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param total in bytes, at least 1
   */
  BufferBudget(long total) {
    this.total = total;
  }

  boolean hasRoom() {
    return used.get() < total;
  }

  void take(long bytes) {
    used.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
