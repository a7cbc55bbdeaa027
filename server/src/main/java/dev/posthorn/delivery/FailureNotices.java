package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import dev.posthorn.notice.NoticeKind;
import dev.posthorn.notice.Notices;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the members of an account told of what becomes of a failing webhook of theirs. */
final class FailureNotices {
  private static final Logger log = LoggerFactory.getLogger(FailureNotices.class);

  private FailureNotices() {}

  /** Half of the time is over. */
  static void warn(Handle transaction, Outcome outcome) {
    Instant since = failingSince(outcome);
    log.warn(
        "webhook {} of account {} has only failed since {}",
        outcome.lane().publicId(),
        outcome.lane().accountId(),
        since);
    add(transaction, outcome, NoticeKind.WARNING, since);
  }

  /** It was disabled by this outcome. */
  static void disabled(Handle transaction, Outcome outcome, Disabling why) {
    log.warn(
        "webhook {} of account {} is disabled: {}",
        outcome.lane().publicId(),
        outcome.lane().accountId(),
        why.reason());
    switch (why) {
      case FAILING -> add(transaction, outcome, NoticeKind.FAILING, failingSince(outcome));
      case GONE -> add(transaction, outcome, NoticeKind.GONE, outcome.attempt().startedAt());
    }
  }

  private static void add(Handle transaction, Outcome outcome, NoticeKind kind, Instant since) {
    LaneKey lane = outcome.lane();
    Notices.add(
        transaction,
        new Notices.News(lane.accountId(), lane.webhookId(), kind, since, cause(outcome)),
        outcome.attempt().startedAt());
  }

  private static Instant failingSince(Outcome outcome) {
    return outcome.run().state().since().orElse(outcome.attempt().startedAt());
  }

  private static String cause(Outcome outcome) {
    return outcome
        .attempt()
        .exchange()
        .map(FailureNotices::cause)
        .orElse("Nothing is known of it.");
  }

  private static String cause(Exchange exchange) {
    return switch (exchange) {
      case Exchange.Answered answered -> "The receiver answered " + answered.status() + ".";
      case Exchange.Failed failed -> failed.message();
      case Exchange.Withheld ignored -> "It was not made.";
    };
  }
}
