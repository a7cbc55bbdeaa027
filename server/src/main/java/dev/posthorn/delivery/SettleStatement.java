package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that writes many outcomes: attempt rows in, delivery rows settled or
 * rescheduled.
 *
 * <p>The lowest and highest event id are given besides, so that partitions without any of them are
 * left out.
 */
final class SettleStatement {
  private static final String SETTLE =
      """
      WITH o AS MATERIALIZED (
        SELECT * FROM unnest(
          :accounts, :webhooks, :events, :ids, :numbers, :outcomes, :failures, :statuses, :startedAt, :holdsUntil,
          :dns, :connect, :tls, :firstByte, :total, :messages, :heads, :bodies, :truncated, :nextDueAt, :states, :steps)
        AS o (account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at, holds_until,
          dns_us, connect_us, tls_us, first_byte_us, total_us, message, head, body, truncated, next_due_at, state, step)),
      logged AS (
        INSERT INTO attempt AS a (account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at,
          holds_until, dns_us, connect_us, tls_us, first_byte_us, total_us, message, response_headers, response_body,
          truncated, next_due_at)
        SELECT account_id, webhook_id, event_id, id, number, outcome, failure, status, started_at, holds_until,
          dns_us, connect_us, tls_us, first_byte_us, total_us, message, head, body, truncated, next_due_at
        FROM o
        ON CONFLICT (account_id, webhook_id, event_id, id) DO UPDATE
        SET outcome = excluded.outcome, failure = excluded.failure, status = excluded.status,
          holds_until = greatest(a.holds_until, excluded.holds_until), dns_us = excluded.dns_us,
          connect_us = excluded.connect_us, tls_us = excluded.tls_us, first_byte_us = excluded.first_byte_us,
          total_us = excluded.total_us, message = excluded.message, response_headers = excluded.response_headers,
          response_body = excluded.response_body, truncated = excluded.truncated
        WHERE a.outcome = 'open')
      UPDATE delivery d
      SET state = o.state::delivery_state, retry = true, attempts = greatest(d.attempts, o.number), step = o.step,
        due_at = coalesce(o.next_due_at, d.due_at),
        settled_at = CASE WHEN o.state <> 'pending' THEN o.started_at + o.total_us * interval '1 microsecond' END
      FROM o
      WHERE d.account_id = o.account_id AND d.webhook_id = o.webhook_id AND d.event_id = o.event_id
        AND d.event_id >= :lowest AND d.event_id <= :highest
        AND d.state = 'pending' AND (o.state = 'succeeded' OR d.attempts < o.number)
      """;

  private final Update update;
  private final List<Outcome> outcomes;

  private SettleStatement(Update update, List<Outcome> outcomes) {
    this.update = update;
    this.outcomes = outcomes;
  }

  static void execute(Handle transaction, List<Outcome> outcomes) {
    try (Update update = transaction.createUpdate(SETTLE)) {
      SettleStatement statement = new SettleStatement(update, outcomes);
      statement.bindIdentity();
      statement.bindResult();
      statement.bindTimings();
      statement.bindVerdict();
      update.execute();
    }
  }

  private void bindIdentity() {
    bind("accounts", Long.class, outcome -> outcome.lane().accountId());
    bind("webhooks", Long.class, outcome -> outcome.lane().webhookId());
    bind("events", UUID.class, outcome -> outcome.delivery().eventId());
    bind("ids", UUID.class, outcome -> outcome.attempt().id());
    bind("numbers", Integer.class, outcome -> outcome.attempt().number());
    // PostgreSQL orders UUIDs as unsigned bytes, which for time-ordered ids of this century is the
    // order of their text.
    List<String> events =
        outcomes.stream().map(o -> o.delivery().eventId().toString()).sorted().toList();
    update.bind("lowest", UUID.fromString(events.getFirst()));
    update.bind("highest", UUID.fromString(events.getLast()));
  }

  private void bindResult() {
    bind("outcomes", String.class, SettleStatement::outcomeName);
    bind(
        "failures",
        String.class,
        outcome ->
            failed(outcome)
                .map(f -> f.failure().name().toLowerCase(java.util.Locale.ROOT))
                .orElse(null));
    bind(
        "messages",
        String.class,
        outcome -> failed(outcome).map(Exchange.Failed::message).orElse(null));
    bind(
        "statuses",
        Integer.class,
        outcome -> answered(outcome).map(Exchange.Answered::status).orElse(null));
    bind(
        "heads",
        byte[].class,
        outcome -> response(outcome).map(ResponseCapture::head).orElse(null));
    bind(
        "bodies",
        byte[].class,
        outcome -> response(outcome).map(ResponseCapture::body).orElse(null));
    bind(
        "truncated",
        Boolean.class,
        outcome ->
            response(outcome).map(r -> r.headTruncated() || r.bodyTruncated()).orElse(false));
  }

  private void bindTimings() {
    bind("dns", Integer.class, outcome -> micros(outcome, Timings::dns));
    bind("connect", Integer.class, outcome -> micros(outcome, Timings::connect));
    bind("tls", Integer.class, outcome -> micros(outcome, Timings::tls));
    bind("firstByte", Integer.class, outcome -> micros(outcome, Timings::firstByte));
    bind(
        "total",
        Integer.class,
        outcome -> {
          Integer total = micros(outcome, Timings::total);
          return total == null ? 0 : total;
        });
    bindTimes("startedAt", outcome -> outcome.attempt().startedAt());
    bindTimes("holdsUntil", outcome -> outcome.attempt().holdsUntil());
  }

  private void bindVerdict() {
    bindTimes("nextDueAt", outcome -> nextDueAt(outcome.verdict()));
    bind("states", String.class, outcome -> state(outcome.verdict()));
    bind("steps", Integer.class, outcome -> step(outcome.verdict()));
  }

  private <T> void bind(String name, Class<T> type, Function<Outcome, @Nullable T> value) {
    update.bindArray(name, type, outcomes.stream().map(value).toArray());
  }

  private void bindTimes(String name, Function<Outcome, @Nullable Instant> value) {
    bind(
        name,
        java.time.OffsetDateTime.class,
        outcome -> {
          Instant time = value.apply(outcome);
          return time == null ? null : DeliveryQueue.utc(time);
        });
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
