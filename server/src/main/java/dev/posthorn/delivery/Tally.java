package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a batch of outcomes adds to the counts of one webhook. Not thread-safe. */
final class Tally {
  private final LaneKey lane;
  private final int[] answered = new int[6]; // by the status' first digit; 0 without an answer
  private final Integer[] latency = new Integer[LatencyScale.CLASSES];
  private int delivered;
  private int givenUp;

  private Tally(LaneKey lane) {
    this.lane = lane;
    java.util.Arrays.fill(latency, 0);
  }

  /**
   * Adds outcomes up by webhook. An attempt that is still under way does not count until it ends.
   *
   * @return in one order for all batches, so that those of two recorders do not lock each other out
   */
  static List<Tally> of(Collection<Outcome> outcomes) {
    TreeMap<LaneKey, Tally> tallies =
        new TreeMap<>(
            Comparator.comparingLong(LaneKey::accountId).thenComparingLong(LaneKey::webhookId));
    for (Outcome outcome : outcomes) {
      if (!(outcome.verdict() instanceof Verdict.LeftOpen)) {
        tallies.computeIfAbsent(outcome.lane(), Tally::new).add(outcome);
      }
    }
    return new ArrayList<>(tallies.values());
  }

  private void add(Outcome outcome) {
    @Nullable Exchange exchange = outcome.attempt().exchange().orElse(null);
    boolean succeeded = outcome.verdict() instanceof Verdict.Succeeded;
    if (exchange instanceof Exchange.Answered ended) {
      answered[ended.status() / 100]++;
      latency[LatencyScale.classOf(ended.timings().total())]++;
    } else {
      answered[succeeded ? 2 : 0]++; // of what was stored without details only this much is known
    }
    switch (outcome.verdict()) {
      case Verdict.Succeeded() -> delivered++;
      case Verdict.GaveUp ignored -> givenUp++;
      case Verdict.Gone ignored -> givenUp++;
      case Verdict.Retry ignored -> {}
      case Verdict.LeftOpen ignored -> {}
    }
  }

  LaneKey lane() {
    return lane;
  }

  /**
   * How many attempts were answered with a status of this class.
   *
   * @param firstDigit 2 to 5; 0 for attempts without an answer
   */
  int answered(int firstDigit) {
    return answered[firstDigit];
  }

  int delivered() {
    return delivered;
  }

  int givenUp() {
    return givenUp;
  }

  /** Answered attempts by {@link LatencyScale}. */
  List<Integer> latency() {
    return List.of(latency);
  }
}
