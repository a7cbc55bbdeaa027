package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The shards that this node gives up: nothing begins for them any more, their lanes end, and then
 * they wait to be released.
 */
final class Draining {
  /** Exchanges under way may take so long to end; a receiver that hangs must not hold a shard. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Lanes lanes;
  private final EngineClock clock;
  private final Set<Integer> shards = new TreeSet<>(); // guarded by this
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

  /**
   * Shards whose lanes have ended.
   *
   * @param known whether all that they sent is written down
   */
  record Ended(Set<Integer> shards, boolean known) {}

  Draining(Lanes lanes, EngineClock clock) {
    this.lanes = lanes;
    this.clock = clock;
  }

  /** Gives up shards that are owned: from now on nothing begins for them. */
  synchronized void begin(Set<Integer> given) {
    lanes.owned().remove(given);
    shards.addAll(given);
  }

  /** Ends their lanes, without waiting for it. */
  void endSoon(Set<Integer> given) {
    Thread.startVirtualThread(() -> end(given, PATIENCE));
  }

  /** Ends their lanes. */
  void end(Set<Integer> given, Duration patience) {
    boolean known = false;
    try {
      known = lanes.drain(given, patience);
    } finally {
      ended.add(new Ended(given, known));
    }
  }

  /**
   * What is to be released next; the same again until {@link #released}, for as long as nobody
   * knows of it, nobody can take these shards.
   */
  Optional<Ended> next() {
    return Optional.ofNullable(ended.peek());
  }

  synchronized void released(Ended done) {
    shards.removeAll(done.shards());
    ended.remove(done);
    notifyAll();
  }

  synchronized boolean contains(int shard) {
    return shards.contains(shard);
  }

  synchronized Set<Integer> shards() {
    return Set.copyOf(shards);
  }

  /** Waits until all is released. */
  synchronized void awaitReleased(Duration patience) {
    long end = clock.nanos() + patience.toNanos();
    try {
      for (long left = patience.toNanos();
          left > 0 && !shards.isEmpty();
          left = end - clock.nanos()) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
