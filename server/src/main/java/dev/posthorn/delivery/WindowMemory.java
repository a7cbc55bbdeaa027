package dev.posthorn.delivery;

import dev.posthorn.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was sent to the webhooks of a shard before this node took it, as far as it still counts.
 *
 * @param held when places are free again, by internal webhook id
 * @param doubts moments after which that may lack something
 */
record WindowMemory(Map<Long, List<Instant>> held, List<AttemptLog.Doubt> doubts, Limits limits) {
  /** How long a database whose time stepped leaves windows unknown. */
  private static final Duration UNKNOWN_AFTER_STEP = Duration.ofSeconds(61);

  /** What bounds the requests that a dead owner may have sent and not recorded. */
  record Limits(int laneInFlight, Duration exchangeDeadline) {}

  static WindowMemory of(int shard, AttemptLog.Recent recent, DeliverySettings settings) {
    Map<Long, List<Instant>> held = new HashMap<>();
    recent
        .held()
        .forEach((webhook, places) -> {
          if (Webhook.shardOf(webhook) == shard) {
            held.put(webhook, places);
          }
        });
    return new WindowMemory(
        held,
        recent.doubts().getOrDefault(shard, List.of()),
        new Limits(settings.laneInFlight(), settings.exchangeDeadline()));
  }

  /**
   * The rate window of a webhook whose lane is made now.
   *
   * <p>A dead owner may have sent as many requests as its lane could have in flight without
   * recording them, each of them twice when its kept connection turned out to be dead, and the last
   * of them may reach the receiver as late as the deadline of an exchange. If the database's time
   * stepped, nothing that is stored tells when the window is free.
   */
  RateWindow windowOf(LaneTarget target, Instant now) {
    RateWindow window = new RateWindow(target.rateLimit());
    held.getOrDefault(target.key().webhookId(), List.of())
        .forEach(until -> window.hold(notBeyond(until, now)));
    int unrecorded = InFlightLimit.mostUnrecorded(limits.laneInFlight(), target.rateLimit());
    for (AttemptLog.Doubt doubt : doubts) {
      Instant until = notBeyond(freeAfter(doubt), now);
      int places = doubt.clockStepped() ? target.rateLimit() : unrecorded;
      for (int place = 0; place < places && until.isAfter(now); place++) {
        window.hold(until);
      }
    }
    return window;
  }

  /** What still counts at a moment. */
  WindowMemory at(Instant now) {
    if (held.isEmpty() && doubts.isEmpty()) {
      return this;
    }
    Map<Long, List<Instant>> stillHeld = new HashMap<>();
    held.forEach((webhook, places) -> {
      List<Instant> left = places.stream().filter(now::isBefore).toList();
      if (!left.isEmpty()) {
        stillHeld.put(webhook, left);
      }
    });
    List<AttemptLog.Doubt> open =
        doubts.stream().filter(doubt -> now.isBefore(freeAfter(doubt))).toList();
    return new WindowMemory(stillHeld, open, limits);
  }

  private Instant freeAfter(AttemptLog.Doubt doubt) {
    Duration unknown =
        doubt.clockStepped() ? UNKNOWN_AFTER_STEP : limits.exchangeDeadline().plus(RateWindow.HOLD);
    return doubt.at().plus(unknown);
  }

  /**
   * A stored time further ahead than any can be was stored before the clock was set back: it counts
   * from now.
   */
  private Instant notBeyond(Instant until, Instant now) {
    Instant furthest = now.plus(RateWindow.HOLD).plus(limits.exchangeDeadline());
    return until.isAfter(furthest) ? furthest : until;
  }
}
