package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.egress.Header;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.signing.Signer;
import dev.posthorn.webhook.Webhook;
import dev.posthorn.webhook.WebhookSecrets;
import dev.posthorn.webhook.Webhooks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads a webhook and prepares what its lane needs to send. */
final class LaneLoader {
  private final Database database;
  private final WebhookSecrets secrets;
  private final UrlRule urlRule;

  LaneLoader(Database database, WebhookSecrets secrets, UrlRule urlRule) {
    this.database = database;
    this.secrets = secrets;
    this.urlRule = urlRule;
  }

  /**
   * A webhook as its lane sees it.
   *
   * @param warned whether its owner was told of the present run of failures
   */
  record Loaded(LaneTarget target, boolean warned) {}

  /**
   * The webhook as it is stored now; absent when it does not exist any more.
   *
   * @param now secrets that a rotation has retired by then sign no more
   */
  Optional<Loaded> load(long accountId, long webhookId, Instant now) {
    return database
        .withHandle(handle -> Webhooks.find(handle, accountId, webhookId))
        .map(webhook -> new Loaded(target(webhook, now), webhook.status().warnedAt() != null));
  }

  private LaneTarget target(Webhook webhook, Instant now) {
    Webhook.Status status = webhook.status();
    return new LaneTarget(
        new LaneKey(webhook.accountId(), webhook.id(), webhook.publicId()),
        urlRule.check(webhook.url()),
        headers(webhook),
        Signer.of(secrets.signing(webhook, now)),
        webhook.rateLimit(),
        state(status),
        Optional.ofNullable(status.holdUntil()),
        Optional.ofNullable(status.failingSince()),
        webhook.revision());
  }

  private List<Header> headers(Webhook webhook) {
    return secrets.headers(webhook).entrySet().stream()
        .map(header -> new Header(header.getKey(), header.getValue()))
        .toList();
  }

  private static LaneTarget.State state(Webhook.Status status) {
    if (status.deleted()) {
      return LaneTarget.State.DELETED;
    }
    return status.enabled() ? LaneTarget.State.ENABLED : LaneTarget.State.DISABLED;
  }
}
