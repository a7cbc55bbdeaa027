package dev.posthorn.delivery;

import dev.posthorn.egress.Header;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.signing.Signer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a lane knows of its webhook: everything needed to send, as of one revision.
 *
 * @param url as the rule for URLs judges it now; a URL that was stored under a wider rule is
 *     refused at every attempt
 * @param headers the customer's static headers
 * @param state whether to send
 * @param holdUntil nothing is sent before this moment
 * @param failing how long it has only failed, as stored
 */
record LaneTarget(
    LaneKey key,
    UrlRule.Result url,
    List<Header> headers,
    Signer signer,
    int rateLimit,
    State state,
    Optional<Instant> holdUntil,
    FailureRun.State failing,
    long revision) {

  /** What the customer, or a run of failures, made of the webhook. */
  enum State {
    ENABLED,
    DISABLED,
    DELETED
  }

  LaneTarget disabled() {
    return new LaneTarget(
        key, url, headers, signer, rateLimit, State.DISABLED, holdUntil, failing, revision);
  }

  boolean isSending() {
    return state == State.ENABLED;
  }
}
