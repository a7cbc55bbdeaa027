package dev.posthorn.delivery;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Up to which event deliveries are being cancelled, and up to which they are.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class SkippedEvents {
  private @Nullable UUID begunTo;
  private @Nullable UUID doneTo;

  void begin(UUID event) {
    begunTo = later(begunTo, event);
  }

  void done(UUID event) {
    doneTo = later(doneTo, event);
  }

  /** Whether what was begun is done. */
  boolean isOver() {
    return begunTo != null && doneTo != null && begunTo.compareTo(doneTo) <= 0;
  }

  /** Up to which event deliveries are being cancelled. */
  Optional<UUID> begun() {
    return Optional.ofNullable(begunTo);
  }

  /** What is over is not looked at any more. */
  void end() {
    begunTo = null;
  }

  /** Whether this event's delivery is being cancelled. */
  boolean includes(UUID event) {
    return isUpTo(begunTo, event);
  }

  /** Whether this event's delivery may be cancelled already. */
  boolean mayHaveCancelled(UUID event) {
    return isUpTo(doneTo, event);
  }

  private static UUID later(@Nullable UUID before, UUID event) {
    return before == null || event.compareTo(before) > 0 ? event : before;
  }

  private static boolean isUpTo(@Nullable UUID edge, UUID event) {
    return edge != null && event.compareTo(edge) <= 0;
  }
}
