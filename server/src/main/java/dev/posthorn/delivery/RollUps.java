package dev.posthorn.delivery;

import dev.posthorn.db.Rows;
import dev.posthorn.db.SharedSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * The counts per webhook: by minute as outcomes are stored, in the same transaction; by hour when
 * the hour is over.
 *
 * <p>They count what was recorded in their minute. Publishing never touches them.
 */
final class RollUps {
  /** One row per webhook of a batch, in the order of their keys. */
  private static final String ADD =
      """
      INSERT INTO webhook_minute AS m (account_id, webhook_id, at, answered_2xx, answered_3xx, answered_4xx, answered_5xx,
        unanswered, delivered, given_up, latency)
      SELECT account_id, webhook_id, :at, answered_2xx, answered_3xx, answered_4xx, answered_5xx,
        unanswered, delivered, given_up, latency::integer[]
      FROM unnest(:accounts, :webhooks, :answered2xx, :answered3xx, :answered4xx, :answered5xx, :unanswered,
        :delivered, :givenUp, :latencies)
      AS t (account_id, webhook_id, answered_2xx, answered_3xx, answered_4xx, answered_5xx,
        unanswered, delivered, given_up, latency)
      ON CONFLICT (account_id, webhook_id, at) DO UPDATE
      SET answered_2xx = m.answered_2xx + excluded.answered_2xx, answered_3xx = m.answered_3xx + excluded.answered_3xx,
        answered_4xx = m.answered_4xx + excluded.answered_4xx, answered_5xx = m.answered_5xx + excluded.answered_5xx,
        unanswered = m.unanswered + excluded.unanswered, delivered = m.delivered + excluded.delivered,
        given_up = m.given_up + excluded.given_up, latency = add_counts(m.latency, excluded.latency)
      """;

  /** May be repeated: hours are set, not added to. */
  private static final String ADD_UP_HOURS =
      """
      INSERT INTO webhook_hour AS h (account_id, webhook_id, at, answered_2xx, answered_3xx, answered_4xx, answered_5xx,
        unanswered, delivered, given_up, latency)
      SELECT account_id, webhook_id, date_trunc('hour', at, 'UTC'), sum(answered_2xx), sum(answered_3xx),
        sum(answered_4xx), sum(answered_5xx), sum(unanswered), sum(delivered), sum(given_up), sum_counts(latency)
      FROM webhook_minute
      WHERE at >= :from AND at < :to
      GROUP BY account_id, webhook_id, date_trunc('hour', at, 'UTC')
      ON CONFLICT (account_id, webhook_id, at) DO UPDATE
      SET answered_2xx = excluded.answered_2xx, answered_3xx = excluded.answered_3xx,
        answered_4xx = excluded.answered_4xx, answered_5xx = excluded.answered_5xx, unanswered = excluded.unanswered,
        delivered = excluded.delivered, given_up = excluded.given_up, latency = excluded.latency
      """;

  private static final String FORGET_HOURS = "DELETE FROM webhook_hour WHERE at < :before";

  private static final String ADDED_UP_TO = "hours_added_up_to";

  /** How long the transaction that counts in a minute may last, and other nodes' clocks differ. */
  private static final Duration STRAGGLERS = Duration.ofMinutes(10);

  private RollUps() {}

  /**
   * Counts outcomes in the minute of {@code now}. The last statement of its transaction: others may
   * wait for its rows.
   */
  static void add(Handle transaction, Collection<Outcome> outcomes, Instant now) {
    List<Tally> tallies = Tally.of(outcomes);
    if (tallies.isEmpty()) {
      return;
    }
    try (Update update = transaction.createUpdate(ADD)) {
      bind(new Rows<>(update, tallies));
      update.bind("at", DeliveryQueue.utc(now.truncatedTo(ChronoUnit.MINUTES))).execute();
    }
  }

  private static void bind(Rows<Tally> rows) {
    rows.longs("accounts", tally -> tally.lane().accountId())
        .longs("webhooks", tally -> tally.lane().webhookId())
        .integers("answered2xx", tally -> tally.answered(2))
        .integers("answered3xx", tally -> tally.answered(3))
        .integers("answered4xx", tally -> tally.answered(4))
        .integers("answered5xx", tally -> tally.answered(5))
        .integers("unanswered", tally -> tally.answered(0))
        .integers("delivered", Tally::delivered)
        .integers("givenUp", Tally::givenUp)
        .texts("latencies", tally -> literal(tally.latency()));
  }

  /** As text, for a column of arrays cannot be one array: unnest would flatten it. */
  private static String literal(List<Integer> counts) {
    return counts.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  /** Adds up the hours that are over and were not yet. */
  static void addUpHours(Handle transaction, Instant now) {
    Instant from = addedUpTo(transaction);
    Instant to = now.minus(STRAGGLERS).truncatedTo(ChronoUnit.HOURS);
    if (from.isBefore(to)) {
      transaction
          .createUpdate(ADD_UP_HOURS)
          .bind("from", DeliveryQueue.utc(from))
          .bind("to", DeliveryQueue.utc(to))
          .execute();
      SharedSettings.put(transaction, ADDED_UP_TO, to.toString());
    }
  }

  /** Hours before this moment are complete; later ones are to be read from their minutes. */
  static Instant addedUpTo(Handle handle) {
    return SharedSettings.find(handle, ADDED_UP_TO).map(Instant::parse).orElse(Instant.EPOCH);
  }

  static int forgetHours(Handle handle, Instant before) {
    return handle.createUpdate(FORGET_HOURS).bind("before", DeliveryQueue.utc(before)).execute();
  }
}
