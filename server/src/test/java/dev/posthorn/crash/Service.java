package dev.posthorn.crash;

import dev.posthorn.crash.Faults.Done;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How long a fault kept webhooks waiting that answer promptly and may get as much as there is. */
final class Service {
  private static final int NO_LIMIT_TO_SPEAK_OF = 100_000;

  private final Evidence evidence;
  private final Map<Subscription, Integer> shards = new HashMap<>();

  Service(Evidence evidence) {
    this.evidence = evidence;
    evidence.subscriptions().stream()
        .filter(one -> one.terms().steady() && one.terms().manner() == Manner.PROMPT)
        .filter(one -> one.terms().rateLimit() >= NO_LIMIT_TO_SPEAK_OF)
        .forEach(one -> evidence.stored().shardOf(one).ifPresent(shard -> shards.put(one, shard)));
  }

  /** From the fault to the first request that any webhook whose owner was hit got after it. */
  Optional<Duration> firstAfter(Done done) {
    OptionalLong first =
        hit(done).stream()
            .flatMap(one -> one.requests().stream())
            .mapToLong(Request::arrivedNanos)
            .filter(arrived -> arrived > done.beganNanos())
            .min();
    return first.isPresent()
        ? Optional.of(Duration.ofNanos(first.getAsLong() - done.beganNanos()))
        : Optional.empty();
  }

  /** The longest that an event, acknowledged meanwhile, waited for its first request there. */
  Optional<Duration> longestWait(Done done) {
    long longest = -1;
    for (Subscription subscription : hit(done)) {
      Map<String, Long> first = new HashMap<>();
      subscription
          .requests()
          .forEach(request -> first.merge(request.key(), request.arrivedNanos(), Math::min));
      for (Publication one : acknowledgedDuring(done)) {
        if (subscription.collects(one)) {
          long arrived = first.getOrDefault(one.key(), one.endedNanos());
          longest = Math.max(longest, arrived - one.endedNanos());
        }
      }
    }
    return longest < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(longest));
  }

  private List<Subscription> hit(Done done) {
    return shards.entrySet().stream()
        .filter(entry -> done.shards().contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<Publication> acknowledgedDuring(Done done) {
    return evidence.publications().stream()
        .filter(Publication::isAcknowledged)
        .filter(one -> one.endedNanos() > done.beganNanos() && one.endedNanos() < done.endedNanos())
        .toList();
  }
}
