package dev.posthorn.delivery;

import dev.posthorn.db.Rows;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that writes many outcomes: attempt rows in, delivery rows settled or
 * rescheduled.
 *
 * <p>The lowest and highest event id are given besides, so that partitions without any of them are
 * left out. {@code IS NOT DISTINCT FROM} keeps PostgreSQL from reading the whole index of pending
 * rows, which looks small to it whenever little was pending while it counted: each row is found by
 * its key.
 */
final class SettleStatement {
  private static final String OUTCOMES =
      """
      WITH o AS MATERIALIZED (
        SELECT *, state::delivery_state AS next_state, started_at + total_us * interval '1 microsecond' AS ended_at
        FROM unnest(
          :accounts, :webhooks, :events, :ids, :numbers, :outcomes, :failures, :statuses, :startedAt, :holdsUntil, :places,
          :dns, :connect, :tls, :firstByte, :total, :messages, :heads, :bodies, :truncated, :nextDueAt, :states, :steps)
        AS o (account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at, holds_until, places,
          dns_us, connect_us, tls_us, first_byte_us, total_us, message, head, body, truncated, next_due_at, state, step))
      """;

  private static final String LOG =
      """
      , logged AS (
        INSERT INTO attempt AS a (account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at,
          holds_until, places, dns_us, connect_us, tls_us, first_byte_us, total_us, message, response_headers, response_body,
          truncated, next_due_at)
        SELECT account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at, holds_until, places,
          dns_us, connect_us, tls_us, first_byte_us, total_us, message, head, body, truncated, next_due_at
        FROM o
        ON CONFLICT (account_id, webhook_id, event_id, id) DO UPDATE
        SET outcome = excluded.outcome, failure = excluded.failure, status = excluded.status,
          holds_until = greatest(a.holds_until, excluded.holds_until), places = excluded.places, dns_us = excluded.dns_us,
          connect_us = excluded.connect_us, tls_us = excluded.tls_us, first_byte_us = excluded.first_byte_us,
          total_us = excluded.total_us, message = excluded.message, response_headers = excluded.response_headers,
          response_body = excluded.response_body, truncated = excluded.truncated
        WHERE a.outcome = 'open'
      """;

  private static final String UPDATE =
      """
      UPDATE delivery d
      SET state = o.next_state, retry = true, attempts = greatest(d.attempts, o.number), step = o.step,
        status = o.status,
        due_at = coalesce(o.next_due_at, d.due_at),
        settled_at = CASE WHEN o.state <> 'pending' THEN o.ended_at END
      FROM o
      WHERE d.account_id = o.account_id AND d.webhook_id = o.webhook_id AND d.event_id = o.event_id
        AND d.event_id >= :lowest AND d.event_id <= :highest
        AND d.state IS NOT DISTINCT FROM 'pending' AND (o.state = 'succeeded' OR d.attempts < o.number)
      """;

  private static final String SETTLE = OUTCOMES + LOG + ")" + UPDATE;

  /** Counts what was logged by this statement and not before. */
  private static final String SETTLE_AGAIN =
      OUTCOMES
          + LOG
          + " RETURNING a.outcome), settled AS ("
          + UPDATE
          + ") SELECT count(*) FROM logged WHERE outcome <> 'open'";

  private static final String SETTLE_MISSED = OUTCOMES + UPDATE;

  private SettleStatement() {}

  static void execute(Handle transaction, List<Outcome> outcomes) {
    if (update(transaction, SETTLE, outcomes) < outcomes.size()) {
      settleMissed(transaction, outcomes);
    }
  }

  /**
   * The same, when it may have been executed and committed before; if that is still under way, its
   * end is waited for.
   *
   * @return whether it had not been
   */
  static boolean executeAgain(Handle transaction, List<Outcome> outcomes) {
    try (Query query = transaction.createQuery(SETTLE_AGAIN)) {
      bind(query, outcomes);
      boolean isNew = query.mapTo(Long.class).one() > 0;
      settleMissed(transaction, outcomes);
      return isNew;
    }
  }

  /**
   * A delivery that another transaction has just changed, for it is to be sent again, may be passed
   * over by the statement that waited for it. A new one sees it as it is.
   */
  private static void settleMissed(Handle transaction, List<Outcome> outcomes) {
    update(transaction, SETTLE_MISSED, outcomes);
  }

  private static int update(Handle transaction, String sql, List<Outcome> outcomes) {
    try (Update update = transaction.createUpdate(sql)) {
      bind(update, outcomes);
      return update.execute();
    }
  }

  private static void bind(SqlStatement<?> statement, List<Outcome> outcomes) {
    Rows<Outcome> rows = new Rows<>(statement, outcomes);
    bindIdentity(rows);
    bindResult(rows);
    bindTimings(rows);
    bindVerdict(rows);
    statement.bind("lowest", edge(outcomes, Comparator.naturalOrder()));
    statement.bind("highest", edge(outcomes, Comparator.reverseOrder()));
  }

  private static void bindIdentity(Rows<Outcome> rows) {
    rows.longs("accounts", outcome -> outcome.lane().accountId())
        .longs("webhooks", outcome -> outcome.lane().webhookId())
        .uuids("events", outcome -> outcome.delivery().eventId())
        .uuids("ids", outcome -> outcome.attempt().id())
        .integers("numbers", outcome -> outcome.attempt().number());
  }

  /**
   * PostgreSQL orders UUIDs as unsigned bytes; Java does not, but for time-ordered ids of this era
   * they agree.
   */
  private static UUID edge(List<Outcome> outcomes, Comparator<UUID> order) {
    return outcomes.stream().map(outcome -> outcome.delivery().eventId()).min(order).orElseThrow();
  }

  private static void bindResult(Rows<Outcome> rows) {
    rows.texts("outcomes", SettleStatement::outcomeName)
        .texts(
            "failures",
            outcome ->
                failed(outcome).map(f -> f.failure().name().toLowerCase(Locale.ROOT)).orElse(null))
        .texts("messages", outcome -> failed(outcome).map(Exchange.Failed::message).orElse(null))
        .integers(
            "statuses", outcome -> answered(outcome).map(Exchange.Answered::status).orElse(null))
        .bytes("heads", outcome -> response(outcome).map(ResponseCapture::head).orElse(null))
        .bytes("bodies", outcome -> response(outcome).map(ResponseCapture::body).orElse(null))
        .booleans(
            "truncated",
            outcome ->
                response(outcome).map(r -> r.headTruncated() || r.bodyTruncated()).orElse(false));
  }

  private static void bindTimings(Rows<Outcome> rows) {
    rows.integers("dns", outcome -> micros(outcome, Timings::dns))
        .integers("connect", outcome -> micros(outcome, Timings::connect))
        .integers("tls", outcome -> micros(outcome, Timings::tls))
        .integers("firstByte", outcome -> micros(outcome, Timings::firstByte))
        .integers(
            "total", outcome -> Objects.requireNonNullElse(micros(outcome, Timings::total), 0))
        .times("startedAt", outcome -> outcome.attempt().startedAt())
        .times("holdsUntil", outcome -> outcome.attempt().holdsUntil())
        .integers("places", outcome -> outcome.attempt().places());
  }

  private static void bindVerdict(Rows<Outcome> rows) {
    rows.times("nextDueAt", outcome -> nextDueAt(outcome.verdict()))
        .texts("states", outcome -> state(outcome.verdict()))
        .integers("steps", outcome -> step(outcome.verdict()));
  }

  private static String outcomeName(Outcome outcome) {
    return switch (outcome.verdict()) {
      case Verdict.Succeeded() -> "succeeded";
      case Verdict.LeftOpen ignored -> "open";
      case Verdict.Retry ignored -> "failed";
      case Verdict.GaveUp ignored -> "failed";
      case Verdict.Gone ignored -> "failed";
    };
  }

  private static String state(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Succeeded() -> "succeeded";
      case Verdict.Retry ignored -> "pending";
      case Verdict.LeftOpen ignored -> "pending";
      case Verdict.GaveUp ignored -> "failed";
      case Verdict.Gone ignored -> "failed";
    };
  }

  private static int step(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Succeeded() -> 0;
      case Verdict.Retry retry -> retry.step();
      case Verdict.LeftOpen open -> open.step();
      case Verdict.GaveUp gaveUp -> gaveUp.step();
      case Verdict.Gone gone -> gone.step();
    };
  }

  private static @Nullable Instant nextDueAt(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Retry retry -> retry.dueAt();
      case Verdict.LeftOpen open -> open.dueAt();
      case Verdict.Succeeded() -> null;
      case Verdict.GaveUp ignored -> null;
      case Verdict.Gone ignored -> null;
    };
  }

  private static Optional<Exchange.Failed> failed(Outcome outcome) {
    return outcome
        .attempt()
        .exchange()
        .filter(Exchange.Failed.class::isInstance)
        .map(Exchange.Failed.class::cast);
  }

  private static Optional<Exchange.Answered> answered(Outcome outcome) {
    return outcome
        .attempt()
        .exchange()
        .filter(Exchange.Answered.class::isInstance)
        .map(Exchange.Answered.class::cast);
  }

  private static Optional<ResponseCapture> response(Outcome outcome) {
    return answered(outcome).map(Exchange.Answered::response);
  }

  private static @Nullable Integer micros(
      Outcome outcome, Function<Timings, @Nullable Duration> part) {
    return outcome
        .attempt()
        .exchange()
        .map(Exchange::timings)
        .map(part)
        .map(time -> (int) (time.toNanos() / 1_000))
        .orElse(null);
  }
}
