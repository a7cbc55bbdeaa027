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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a webhook and prepares what its lane needs to send. */
final class LaneLoader {
  private static final String REVISIONS =
      """
      SELECT w.id, w.revision
      FROM unnest(:accounts, :webhooks) AS known (account_id, id)
      JOIN webhook w ON w.account_id = known.account_id AND w.id = known.id
      """;

  private final Database database;
  private final WebhookSecrets secrets;
  private final UrlRule urlRule;

  LaneLoader(Database database, WebhookSecrets secrets, UrlRule urlRule) {
    this.database = database;
    this.secrets = secrets;
    this.urlRule = urlRule;
  }

  /**
   * The webhook as it is stored now; absent when it does not exist any more.
   *
   * @param now secrets that a rotation has retired by then sign no more
   */
  Optional<LaneTarget> load(long accountId, long webhookId, Instant now) {
    return database
        .withHandle(handle -> Webhooks.find(handle, accountId, webhookId))
        .map(webhook -> target(webhook, now));
  }

  /** The revisions of the webhooks of these targets as they are stored now, by internal id. */
  Map<Long, Long> revisions(List<LaneTarget> targets) {
    List<Long> accounts = targets.stream().map(target -> target.key().accountId()).toList();
    List<Long> webhooks = targets.stream().map(target -> target.key().webhookId()).toList();
    return database.withHandle(handle ->
        handle
            .createQuery(REVISIONS)
            .bindArray("accounts", Long.class, accounts)
            .bindArray("webhooks", Long.class, webhooks)
            .map((row, context) -> Map.entry(row.getLong(1), row.getLong(2)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
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
        new FailureRun.State(
            Optional.ofNullable(status.failingSince()), Optional.ofNullable(status.warnedAt())),
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
