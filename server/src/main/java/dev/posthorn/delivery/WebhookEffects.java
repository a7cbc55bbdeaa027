package dev.posthorn.delivery;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What outcomes change in the rows of their webhooks: seldom anything.
 *
 * <p>Rows are changed in the order of their ids, so that two batches never wait for each other.
 */
final class WebhookEffects {
  private static final String HOLD =
      """
      UPDATE webhook SET hold_until = greatest(hold_until, :until) WHERE account_id = :account AND id = :id
      """;

  private static final String LOCK =
      """
      SELECT id FROM webhook WHERE account_id = :account AND id = :id FOR UPDATE
      """;

  private static final String FAILING =
      """
      UPDATE webhook SET failing_since = :since, warned_at = :warnedAt WHERE account_id = :account AND id = :id
      """;

  private static final String DISABLE =
      """
      UPDATE webhook
      SET enabled = false, disabled_reason = :reason, disabled_at = :now, collect_until = :collectUntil,
        revision = revision + 1, updated_at = :now
      WHERE account_id = :account AND id = :id AND enabled
      """;

  private WebhookEffects() {}

  static void apply(Handle transaction, List<Outcome> outcomes) {
    Map<Long, List<Outcome>> byWebhook =
        outcomes.stream()
            .filter(WebhookEffects::hasEffect)
            .collect(
                Collectors.groupingBy(
                    outcome -> outcome.lane().webhookId(), TreeMap::new, Collectors.toList()));
    byWebhook.values().forEach(ofOne -> applyToOne(transaction, ofOne));
  }

  private static boolean hasEffect(Outcome outcome) {
    return outcome.holdUntil().isPresent()
        || outcome.failing() != FailureRun.Change.NONE
        || outcome.verdict() instanceof Verdict.Gone;
  }

  private static void applyToOne(Handle transaction, List<Outcome> outcomes) {
    LaneKey lane = outcomes.getFirst().lane();
    outcomes.stream()
        .flatMap(outcome -> outcome.holdUntil().stream())
        .max(Comparator.naturalOrder())
        .ifPresent(until -> hold(transaction, lane, until));
    outcomes.stream()
        .filter(outcome -> outcome.failing() != FailureRun.Change.NONE)
        .findFirst()
        .ifPresent(outcome -> storeRun(transaction, lane, outcome.run()));
    for (Outcome outcome : outcomes) {
      if (outcome.verdict() instanceof Verdict.Gone) {
        disable(transaction, lane, Disabling.GONE, outcome);
      } else if (outcome.failing() == FailureRun.Change.DISABLE) {
        disable(transaction, lane, Disabling.FAILING, outcome);
      }
    }
  }

  private static void hold(Handle transaction, LaneKey lane, Instant until) {
    transaction
        .createUpdate(HOLD)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .bind("until", DeliveryQueue.utc(until))
        .execute();
  }

  /**
   * Outcomes of one webhook may be stored in another order than they came in. So what is stored is
   * the state of the run when the row is locked: who comes last has the latest.
   */
  private static void storeRun(Handle transaction, LaneKey lane, FailureRun run) {
    transaction
        .createQuery(LOCK)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .mapTo(Long.class)
        .list();
    FailureRun.State now = run.state();
    transaction
        .createUpdate(FAILING)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .bind("since", utc(now.since().orElse(null)))
        .bind("warnedAt", utc(now.warnedAt().orElse(null)))
        .execute();
  }

  private static void disable(Handle transaction, LaneKey lane, Disabling why, Outcome outcome) {
    Instant now = outcome.attempt().startedAt();
    transaction
        .createUpdate(DISABLE)
        .bind("account", lane.accountId())
        .bind("id", lane.webhookId())
        .bind("reason", why.reason())
        .bind("now", DeliveryQueue.utc(now))
        .bind("collectUntil", DeliveryQueue.utc(now.plus(why.goesOnCollecting())))
        .execute();
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : DeliveryQueue.utc(time);
  }
}
