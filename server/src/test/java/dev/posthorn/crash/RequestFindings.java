package dev.posthorn.crash;

import dev.posthorn.delivery.WindowCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether each request was what it may be, and came when it may come. */
final class RequestFindings {
  /** What was written just before an answer may be read here a moment after it. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  private final Evidence evidence;

  RequestFindings(Evidence evidence) {
    this.evidence = evidence;
  }

  Finding eachEventHasOneId() {
    Finding.Cases cases = new Finding.Cases();
    Map<String, String> idOfKey = new HashMap<>();
    Map<String, String> keyOfId = new HashMap<>();
    for (Publication one : evidence.publications()) {
      one.webhookId()
          .ifPresent(id -> {
            idOfKey.put(one.key(), id);
            keyOfId.put(id, one.key());
          });
    }
    for (Subscription subscription : evidence.subscriptions()) {
      for (Request request : subscription.requests()) {
        String id = idOfKey.computeIfAbsent(request.key(), key -> request.webhookId());
        String key = keyOfId.computeIfAbsent(request.webhookId(), other -> request.key());
        if (!id.equals(request.webhookId()) || !key.equals(request.key())) {
          cases.add("%s; the event has the id %s, the id belongs to %s", request, id, key);
        }
      }
    }
    return cases.of(
        "An event has one `webhook-id`, and no other event has it", "%,d ids", keyOfId.size());
  }

  Finding eachIsVerified() {
    Finding.Cases cases = new Finding.Cases();
    for (Subscription subscription : evidence.subscriptions()) {
      subscription.requests().stream()
          .filter(request -> !request.verified())
          .forEach(request -> cases.add("%s at %s", request, subscription.id()));
    }
    return cases.of(
        "Every request was verified by the official library", "%,d requests", evidence.requests());
  }

  Finding rateLimitsHold() {
    Finding.Cases cases = new Finding.Cases();
    double fullest = 0;
    for (Subscription subscription : evidence.subscriptions()) {
      int limit = subscription.terms().rateLimit();
      List<Long> arrivals = subscription.requests().stream().map(Request::arrivedNanos).toList();
      int worst = WindowCheck.worst(arrivals);
      fullest = Math.max(fullest, (double) worst / limit);
      if (worst > limit) {
        cases.add("%s saw %d in 60 s, its limit is %d", subscription.id(), worst, limit);
      }
    }
    return cases.of(
        "No 60 s window over its limit, at the receiver",
        "%,d webhooks; the fullest window was at %.0f %% of its limit",
        evidence.subscriptions().size(),
        100 * fullest);
  }

  Finding changesAreFollowed() {
    Finding.Cases cases = new Finding.Cases();
    int quiets = 0;
    long closest = 0;
    for (Subscription subscription : evidence.subscriptions()) {
      for (Subscription.Quiet quiet : subscription.quiets()) {
        quiets++;
        for (Request request : subscription.requests()) {
          long late = request.arrivedNanos() - quiet.fromNanos();
          if (late > 0 && request.arrivedNanos() < quiet.untilNanos()) {
            closest = Math.max(closest, late);
            if (late > UNDER_WAY.toNanos()) {
              cases.add("%s reached %s %,d ms after", request, subscription.id(), late / 1_000_000);
            }
          }
        }
      }
    }
    return cases.of(
        "No request was begun after a delete or disable was acknowledged",
        "%,d deletes and disables; the last byte under way came %,d ms after the answer",
        quiets,
        closest / 1_000_000);
  }
}
