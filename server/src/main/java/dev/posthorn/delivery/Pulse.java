package dev.posthorn.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
  private long observedNanos;

  /**
   * @param sinceNanos when this beat was first seen
   * @param livesSinceNanos when the node came, or came back
   */
  private record Seen(long beat, long sinceNanos, long livesSinceNanos) {}

  /** Takes the beats of all nodes, as read at {@code nowNanos}. */
  void observe(Map<UUID, Long> beats, long nowNanos) {
    // Whoever was there before this node did not come just now.
    long newLivesSince = nodes.isEmpty() ? nowNanos - SILENCE.toNanos() : nowNanos;
    boolean wasDeaf = nowNanos - observedNanos >= SILENCE.toNanos();
    observedNanos = nowNanos;
    nodes.keySet().retainAll(beats.keySet());
    beats.forEach((node, beat) -> {
      Seen seen = nodes.get(node);
      if (seen == null) {
        nodes.put(node, new Seen(beat, nowNanos, newLivesSince));
      } else if (seen.beat() != beat) {
        boolean cameBack = isSilent(node, nowNanos) && !wasDeaf;
        long livesSince = cameBack ? nowNanos : seen.livesSinceNanos();
        nodes.put(node, new Seen(beat, nowNanos, livesSince));
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

  /**
   * Those live nodes that have listened for long enough to know who is dead. Another one, such as a
   * killed node that was started again at once, has to listen first: what is left for it meanwhile
   * would wait for that long.
   */
  Set<UUID> settled(long nowNanos) {
    return live(nowNanos).stream()
        .filter(node -> nowNanos - seen(node).livesSinceNanos() >= SILENCE.toNanos())
        .collect(Collectors.toSet());
  }

  private Seen seen(UUID node) {
    return Objects.requireNonNull(nodes.get(node));
  }
}
