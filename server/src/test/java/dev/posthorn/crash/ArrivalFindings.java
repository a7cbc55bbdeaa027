package dev.posthorn.crash;

import dev.posthorn.crash.Publication.Fate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether everything arrived that had to, and nothing that must not. */
final class ArrivalFindings {
  private static final Set<String> NOT_LOST = Set.of("succeeded", "cancelled");

  private final Evidence evidence;
  private final Map<String, Publication> byKey = new HashMap<>();

  ArrivalFindings(Evidence evidence) {
    this.evidence = evidence;
    evidence.publications().forEach(one -> byKey.put(one.key(), one));
  }

  /** Every acknowledged event reached every webhook that collects it. */
  Finding nothingAcknowledgedIsLost() {
    Finding.Cases cases = new Finding.Cases();
    long due = 0;
    long waiting = 0;
    for (Subscription subscription : evidence.subscriptions()) {
      Set<String> seen = seen(subscription);
      List<Publication> missing =
          evidence.publications().stream()
              .filter(one -> one.isAcknowledged() && subscription.collects(one))
              .filter(one -> !seen.contains(one.key()))
              .toList();
      due +=
          evidence.publications().stream()
              .filter(one -> one.isAcknowledged() && subscription.collects(one))
              .count();
      Map<String, String> states =
          missing.isEmpty() ? Map.of() : evidence.stored().deliveries(subscription);
      for (Publication one : missing) {
        String state = states.getOrDefault(one.key(), "not stored");
        if (subscription.isDisabled() && state.equals("pending")) {
          waiting++;
        } else {
          cases.add("%s for %s is %s", one, subscription.id(), state);
        }
      }
    }
    return cases.of(
        "Every acknowledged event arrived at every matching webhook",
        "%,d arrivals due; %,d of them wait because their webhook is disabled",
        due,
        waiting);
  }

  /** What a deleted webhook should have got has come, or was cancelled. */
  Finding whatWasDeletedIsCancelled() {
    Finding.Cases cases = new Finding.Cases();
    long deleted = 0;
    long cancelled = 0;
    for (Subscription subscription : evidence.subscriptions()) {
      if (!subscription.isDeleted()) {
        continue;
      }
      deleted++;
      Set<String> seen = seen(subscription);
      Map<String, String> states = evidence.stored().deliveries(subscription);
      cancelled += states.values().stream().filter("cancelled"::equals).count();
      for (Publication one : dueBeforeItsEnd(subscription)) {
        String state = states.getOrDefault(one.key(), "not stored");
        if (!seen.contains(one.key()) && !NOT_LOST.contains(state)) {
          cases.add("%s for %s is %s", one, subscription.id(), state);
        }
      }
    }
    return cases.of(
        "What was published before a webhook was deleted arrived or is cancelled",
        "%,d deleted webhooks, %,d deliveries cancelled",
        deleted,
        cancelled);
  }

  private List<Publication> dueBeforeItsEnd(Subscription subscription) {
    long created = subscription.changes().getFirst().acknowledgedNanos();
    long ended = subscription.changes().getLast().begunNanos();
    return evidence.publications().stream()
        .filter(
            one -> one.isAcknowledged() && one.customer().equals(subscription.terms().customer()))
        .filter(one -> subscription.terms().matches(one.type()))
        .filter(one -> one.begunNanos() > created && one.endedNanos() < ended)
        .toList();
  }

  Finding nothingRolledBackIsSent() {
    Finding.Cases cases = new Finding.Cases();
    for (Subscription subscription : evidence.subscriptions()) {
      for (String key : seen(subscription)) {
        Publication one = byKey.get(key);
        if (one != null && one.fate() == Fate.ROLLED_BACK) {
          cases.add("%s was seen by %s", one, subscription.id());
        }
      }
    }
    return cases.of(
        "Nothing of a rolled-back transaction arrived",
        "%,d events rolled back",
        evidence.count(Fate.ROLLED_BACK));
  }

  /** Whatever arrived was published, by this customer, of a type that was asked for. */
  Finding nothingStrangeArrives(long unknownCreations) {
    Finding.Cases cases = new Finding.Cases();
    Set<String> unknown = new HashSet<>();
    for (Subscription subscription : evidence.subscriptions()) {
      for (String key : seen(subscription)) {
        Publication one = byKey.get(key);
        if (one == null) {
          unknown.add(key);
        } else if (!isMeantFor(subscription, one)) {
          cases.add("%s was seen by %s", one, subscription.terms());
        }
      }
    }
    unknown.stream()
        .filter(key -> !key.startsWith("opportunity.create/"))
        .forEach(key -> cases.add("%s was never published", key));
    if (unknown.size() > unknownCreations) {
      cases.add("%d records nobody created: %s", unknown.size() - unknownCreations, unknown);
    }
    return cases.of(
        "Nothing arrived that nobody published, or that was for others",
        "%,d requests; %,d events whose caller got no answer did arrive",
        evidence.requests(),
        unknown.size() + arrivedUnknown());
  }

  private static boolean isMeantFor(Subscription subscription, Publication one) {
    boolean madeBefore =
        !subscription.changes().isEmpty()
            && one.endedNanos() < subscription.changes().getFirst().begunNanos();
    return one.customer().equals(subscription.terms().customer())
        && subscription.terms().matches(one.type())
        && !madeBefore;
  }

  private long arrivedUnknown() {
    Set<String> seen =
        evidence.subscriptions().stream()
            .flatMap(one -> seen(one).stream())
            .collect(Collectors.toSet());
    return evidence.publications().stream()
        .filter(one -> one.fate() == Fate.UNKNOWN && seen.contains(one.key()))
        .count();
  }

  private static Set<String> seen(Subscription subscription) {
    return subscription.requests().stream().map(Request::key).collect(Collectors.toSet());
  }
}
