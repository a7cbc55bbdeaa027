package dev.posthorn.delivery;

import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What an outcome changes in its webhook's row: seldom anything. */
final class WebhookEffects {
  private static final String HOLD =
      """
      UPDATE webhook SET hold_until = greatest(hold_until, :until) WHERE account_id = :account AND id = :id
      """;

  private static final String FAILING_SINCE =
      """
      UPDATE webhook SET failing_since = :since, warned_at = NULL WHERE account_id = :account AND id = :id
      """;

  private static final String WARNED =
      """
      UPDATE webhook SET warned_at = :now WHERE account_id = :account AND id = :id
      """;

  private static final String DISABLE =
      """
      UPDATE webhook
      SET enabled = false, disabled_reason = :reason, disabled_at = :now, collect_until = :collectUntil,
        revision = revision + 1, updated_at = :now
      WHERE account_id = :account AND id = :id AND enabled
      """;

  private WebhookEffects() {}

  static void apply(Handle transaction, Outcome outcome) {
    LaneKey lane = outcome.lane();
    Instant now = outcome.attempt().startedAt();
    outcome.holdUntil().ifPresent(until -> run(transaction, HOLD, lane, "until", until));
    switch (outcome.failing()) {
      case NONE -> {}
      case STARTED -> run(transaction, FAILING_SINCE, lane, "since", now);
      case ENDED -> run(transaction, FAILING_SINCE, lane, "since", null);
      case WARN -> run(transaction, WARNED, lane, "now", now);
      case DISABLE -> disable(transaction, lane, Disabling.FAILING, now);
    }
    if (outcome.verdict() instanceof Verdict.Gone) {
      disable(transaction, lane, Disabling.GONE, now);
    }
  }

  private static void run(
      Handle transaction, String sql, LaneKey lane, String name, @Nullable Instant time) {
    transaction
        .createUpdate(sql)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .bind(name, time == null ? null : DeliveryQueue.utc(time))
        .execute();
  }

  private static void disable(Handle transaction, LaneKey lane, Disabling why, Instant now) {
    transaction
        .createUpdate(DISABLE)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .bind("reason", why.reason())
        .bind("now", DeliveryQueue.utc(now))
        .bind("collectUntil", DeliveryQueue.utc(now.plus(why.goesOnCollecting())))
        .execute();
  }
}
