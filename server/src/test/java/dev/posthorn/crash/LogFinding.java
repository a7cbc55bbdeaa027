package dev.posthorn.crash;

import dev.posthorn.crash.Doubts.Doubt;
import dev.posthorn.crash.StoredLog.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Compares the attempt log with what receivers saw: each answered attempt was seen, and each
 * request has its attempt, or was sent by an owner that died before it could write it down. How
 * many of those there can be is what a take-over counts with: a lane's requests in flight. Each of
 * them is told of as possible where a customer looks.
 */
final class LogFinding {
  /** A node's clock is the database's at its start, and taken for right within a second. */
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);

  private static final Duration LONGEST_UNANSWERED = Duration.ofSeconds(30);
  private static final Duration LATEST_TAKEOVER = Duration.ofSeconds(60);

  private final Evidence evidence;
  private final Finding.Cases cases = new Finding.Cases();
  private long attempts;
  private long open;
  private long unrecorded;

  LogFinding(Evidence evidence) {
    this.evidence = evidence;
  }

  private record Group(String webhookId, int number) {}

  Finding agreesWithReceivers() {
    evidence.subscriptions().forEach(this::compare);
    return cases.of(
        "The attempt log agrees with the receivers' log",
        "%,d attempts stored, %,d of them left open; %,d requests of killed or replaced owners have none, and a mark that says so",
        attempts,
        open,
        unrecorded);
  }

  private void compare(Subscription subscription) {
    List<Attempt> stored = evidence.stored().attempts(subscription);
    attempts += stored.size();
    open += stored.stream().filter(Attempt::isOpen).count();
    Map<Group, List<Attempt>> byGroup =
        stored.stream()
            .collect(Collectors.groupingBy(one -> new Group(one.webhookId(), one.number())));
    Map<Group, List<Request>> seen =
        subscription.requests().stream()
            .collect(Collectors.groupingBy(one -> new Group(one.webhookId(), one.attempt())));
    List<Request> without = new ArrayList<>();
    byGroup.forEach((group, rows) -> {
      List<Request> left = new ArrayList<>(seen.getOrDefault(group, List.of()));
      match(subscription, rows, left);
      without.addAll(left);
    });
    seen.forEach((group, requests) -> {
      if (!byGroup.containsKey(group)) {
        without.addAll(requests);
      }
    });
    unrecorded += without.size();
    explain(subscription, without);
  }

  /** Takes the requests that the rows tell of out of {@code left}. */
  private void match(Subscription subscription, List<Attempt> rows, List<Request> left) {
    left.sort(Comparator.comparingLong(Request::arrivedNanos));
    for (Attempt row : rows.stream().filter(Attempt::isAnswered).toList()) {
      if (!take(row, left, true)) {
        cases.add("%s at %s was not seen", row, subscription.id());
      }
    }
    for (Attempt row : rows) {
      for (int more = row.isAnswered() ? 1 : 0; more < row.places(); more++) {
        take(row, left, false);
      }
    }
  }

  private boolean take(Attempt row, List<Request> left, boolean withItsStatus) {
    Duration lasted = row.isAnswered() ? row.total() : LONGEST_UNANSWERED;
    Instant earliest = row.startedAt().minus(CLOCKS_DIFFER);
    Instant latest = row.startedAt().plus(lasted).plus(CLOCKS_DIFFER);
    for (Iterator<Request> requests = left.iterator(); requests.hasNext(); ) {
      Request request = requests.next();
      Instant arrived = evidence.at(request.arrivedNanos());
      boolean fits = !arrived.isBefore(earliest) && !arrived.isAfter(latest);
      if (fits && (!withItsStatus || request.status() == row.status())) {
        requests.remove();
        return true;
      }
    }
    return false;
  }

  private void explain(Subscription subscription, List<Request> without) {
    if (without.isEmpty()) {
      return;
    }
    int shard = evidence.stored().shardOf(subscription).orElseThrow();
    int rateLimit = subscription.terms().rateLimit();
    int writtenTwice = 2 * Math.min(32, Math.max(1, rateLimit / 15));
    int most = Math.min(rateLimit, writtenTwice);
    Map<Doubt, Integer> counts = new HashMap<>();
    for (Request request : without) {
      Optional<Doubt> takeover = takeoverAfter(shard, evidence.at(request.arrivedNanos()));
      if (takeover.isEmpty()) {
        cases.add("%s at %s has no attempt, and no owner died", request, subscription.id());
      } else if (counts.merge(takeover.get(), 1, Integer::sum) > most) {
        cases.add("%s at %s: more than %d unrecorded", request, subscription.id(), most);
      }
    }
    UUID webhook = evidence.stored().idOf(subscription);
    without.stream()
        .filter(request -> !isMarked(request, subscription, webhook))
        .forEach(request -> cases.add("%s at %s has no mark", request, subscription.id()));
  }

  private boolean isMarked(Request request, Subscription subscription, UUID webhook) {
    Instant arrived = evidence.at(request.arrivedNanos()).minus(CLOCKS_DIFFER);
    return evidence.shown().maybeSent(subscription, webhook, request.webhookId()).stream()
        .anyMatch(moment -> moment.isAfter(arrived));
  }

  private Optional<Doubt> takeoverAfter(int shard, Instant arrived) {
    return evidence.stored().doubts().stream()
        .filter(one -> one.shard() == shard && one.at().isAfter(arrived.minus(CLOCKS_DIFFER)))
        .filter(one -> one.at().isBefore(arrived.plus(LATEST_TAKEOVER)))
        .findFirst();
  }
}
