package dev.posthorn.crash;

import java.util.List;

/** All that must hold after a run. */
final class Findings {
  private Findings() {}

  static List<Finding> of(Evidence evidence, Ledger ledger) {
    ArrivalFindings arrivals = new ArrivalFindings(evidence);
    RequestFindings requests = new RequestFindings(evidence);
    return List.of(
        arrivals.nothingAcknowledgedIsLost(),
        arrivals.whatWasDeletedIsCancelled(),
        arrivals.nothingRolledBackIsSent(),
        arrivals.nothingStrangeArrives(ledger.unknownCreations()),
        requests.eachEventHasOneId(),
        requests.eachIsVerified(),
        requests.rateLimitsHold(),
        requests.changesAreFollowed(),
        new LogFinding(evidence).agreesWithReceivers(),
        clientsAreAnsweredInWords(ledger));
  }

  private static Finding clientsAreAnsweredInWords(Ledger ledger) {
    List<String> odd = ledger.oddAnswers();
    return new Finding(
        "The API answered with success, with 503, or not at all",
        "%,d calls unanswered or answered with 503".formatted(ledger.unanswered()),
        odd.size(),
        odd.stream().limit(20).toList());
  }
}
