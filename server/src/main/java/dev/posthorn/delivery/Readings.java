package dev.posthorn.delivery;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What is being read from the database at this moment, and which deliveries were settled meanwhile:
 * the snapshot of a reading may be older than that, and would bring back what is done.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class Readings {
  private final Set<UUID> settled = new HashSet<>();
  private int running;

  void begin() {
    running++;
  }

  void end() {
    running--;
    if (running == 0) {
      settled.clear();
    }
  }

  boolean areOver() {
    return running == 0;
  }

  void settled(UUID event) {
    if (running > 0) {
      settled.add(event);
    }
  }

  /** Whether a delivery was settled since the oldest of what is being read began. */
  boolean mayBringBack(UUID event) {
    return settled.contains(event);
  }
}
