package dev.posthorn.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Clients that go on publishing and changing until they are stopped. */
final class Load implements AutoCloseable {
  static final String OFTEN = "crash.often";
  static final String RARE = "crash.rare";

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /** Something that a client does again and again. */
  interface Habit {
    void once();

    /** The time between two of them, on average. */
    Duration pause();
  }

  void add(Habit habit, SplittableRandom random) {
    threads.add(Thread.startVirtualThread(() -> repeat(habit, random)));
  }

  /** Waits for what has been begun. */
  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat(Habit habit, SplittableRandom random) {
    while (!stopped) {
      habit.once();
      LockSupport.parkNanos(random.nextLong(2 * habit.pause().toNanos()));
    }
  }
}
