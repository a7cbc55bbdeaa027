package dev.posthorn.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Judges whether other nodes live, only by whether their beats move, on this node's own monotonic
 * clock: nobody's wall clock is asked.
 *
 * <p>Not thread-safe: used by the shard keeper's loop.
 */
final class Pulse {
  /** A beat that has stood still for this long belongs to a node whose lease has ended. */
  static final Duration SILENCE = Duration.ofMillis(3_500);

  private final Map<UUID, Seen> nodes = new HashMap<>();

  private record Seen(long beat, long sinceNanos) {}

  /** Takes the beats of all nodes, as read at {@code nowNanos}. */
  void observe(Map<UUID, Long> beats, long nowNanos) {
    nodes.keySet().retainAll(beats.keySet());
    beats.forEach((node, beat) -> {
      Seen seen = nodes.get(node);
      if (seen == null || seen.beat() != beat) {
        nodes.put(node, new Seen(beat, nowNanos));
      }
    });
  }

  /** Whether a node's lease has surely ended. A node without a row has none. */
  boolean isSilent(UUID node, long nowNanos) {
    Seen seen = nodes.get(node);
    return seen == null || nowNanos - seen.sinceNanos() >= SILENCE.toNanos();
  }

  /** The beat at which a node has stood still. */
  long beatOf(UUID node) {
    Seen seen = nodes.get(node);
    return seen == null ? -1 : seen.beat();
  }

  Set<UUID> live(long nowNanos) {
    return nodes.keySet().stream()
        .filter(node -> !isSilent(node, nowNanos))
        .collect(Collectors.toSet());
  }
}
