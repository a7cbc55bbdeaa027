package dev.posthorn.delivery;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the counts of one webhook; never the rows that were counted. */
final class WebhookStats {
  private static final String MINUTES =
      """
      SELECT at, answered_2xx, answered_3xx, answered_4xx, answered_5xx, unanswered, delivered, given_up, latency
      FROM webhook_minute
      WHERE account_id = :account AND webhook_id = :webhook AND at >= :since AND at < :until
      ORDER BY at
      """;

  /** Hours that are not added up yet are read from their minutes. */
  private static final String HOURS =
      """
      SELECT at, answered_2xx, answered_3xx, answered_4xx, answered_5xx, unanswered, delivered, given_up, latency
      FROM webhook_hour
      WHERE account_id = :account AND webhook_id = :webhook AND at >= :since AND at < least(:until, :added_up_to)
      UNION ALL
      SELECT date_trunc('hour', at, 'UTC'), sum(answered_2xx), sum(answered_3xx), sum(answered_4xx), sum(answered_5xx),
        sum(unanswered), sum(delivered), sum(given_up), sum_counts(latency)
      FROM webhook_minute
      WHERE account_id = :account AND webhook_id = :webhook AND at >= greatest(:since, :added_up_to) AND at < :until
      GROUP BY date_trunc('hour', at, 'UTC')
      ORDER BY at
      """;

  /**
   * In the order of the index of pending rows, without which all that a webhook ever got would be
   * read. It has first attempts before retries, so of more than are counted, those that were never
   * tried are, the oldest first.
   */
  private static final String BACKLOG =
      """
      WITH waiting AS MATERIALIZED (
        SELECT event_id FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending'
        ORDER BY retry, due_at
        LIMIT :most)
      SELECT (SELECT count(*) FROM waiting) AS waiting,
        (SELECT event_id FROM waiting ORDER BY event_id LIMIT 1) AS oldest
      """;

  static final int MOST_COUNTED = 10_000;

  private WebhookStats() {}

  /** The width of one point of a series. */
  enum Step {
    MINUTE(ChronoUnit.MINUTES, MINUTES),
    HOUR(ChronoUnit.HOURS, HOURS);

    private final ChronoUnit unit;
    private final String sql;

    Step(ChronoUnit unit, String sql) {
      this.unit = unit;
      this.sql = sql;
    }

    ChronoUnit unit() {
      return unit;
    }
  }

  /**
   * A stretch of time in whole steps.
   *
   * @param until not a part of it
   */
  record Range(Instant since, Instant until, Step step) {
    private static final Duration SHORT = Duration.ofHours(6);
    private static final Duration MINUTES_KEPT = Duration.ofDays(2);

    /**
     * The range widened to whole steps: minutes for a short one of the last two days, else hours.
     */
    static Range of(Instant since, Instant until, Instant now) {
      boolean isShort = Duration.between(since, until).compareTo(SHORT) <= 0;
      boolean isLate = since.isAfter(now.minus(MINUTES_KEPT));
      Step step = isShort && isLate ? Step.MINUTE : Step.HOUR;
      Instant last = until.truncatedTo(step.unit());
      return new Range(
          since.truncatedTo(step.unit()),
          last.equals(until) ? last : last.plus(1, step.unit()),
          step);
    }
  }

  /**
   * What was counted in one step, or in several.
   *
   * @param answered attempts by the first digit of their status, 2 to 5; in place 0 those without
   *     an answer
   * @param latency answered attempts by {@link LatencyScale}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Counts(Instant at, long[] answered, long delivered, long givenUp, long[] latency) {

    long attempts() {
      long sum = 0;
      for (long count : answered) {
        sum += count;
      }
      return sum;
    }

    long succeeded() {
      return answered[2];
    }

    static Counts sum(Instant at, Collection<Counts> parts) {
      long[] answered = new long[6];
      long[] latency = new long[LatencyScale.CLASSES];
      long delivered = 0;
      long givenUp = 0;
      for (Counts part : parts) {
        add(part.answered, answered);
        add(part.latency, latency);
        delivered += part.delivered;
        givenUp += part.givenUp;
      }
      return new Counts(at, answered, delivered, givenUp, latency);
    }

    private static void add(long[] part, long[] to) {
      for (int i = 0; i < part.length; i++) {
        to[i] += part[i];
      }
    }
  }

  /**
   * What waits.
   *
   * @param count at most {@link #MOST_COUNTED}
   * @param oldest of those counted
   */
  record Backlog(long count, Optional<UUID> oldest) {}

  /** The steps in which anything was counted, oldest first. */
  static List<Counts> series(Handle handle, LaneKey webhook, Range range) {
    var query = handle.createQuery(range.step().sql);
    if (range.step() == Step.HOUR) {
      query.bind("added_up_to", DeliveryQueue.utc(RollUps.addedUpTo(handle)));
    }
    return query
        .bind("account", webhook.accountId())
        .bind("webhook", webhook.webhookId())
        .bind("since", DeliveryQueue.utc(range.since()))
        .bind("until", DeliveryQueue.utc(range.until()))
        .map((row, context) -> read(row))
        .list();
  }

  /** How many attempts were recorded in a few minutes. */
  static long attempts(Handle handle, LaneKey webhook, Instant since, Instant until) {
    return Counts.sum(since, series(handle, webhook, new Range(since, until, Step.MINUTE)))
        .attempts();
  }

  static Backlog backlog(Handle handle, LaneKey webhook) {
    return handle
        .createQuery(BACKLOG)
        .bind("account", webhook.accountId())
        .bind("webhook", webhook.webhookId())
        .bind("most", MOST_COUNTED)
        .map((row, context) ->
            new Backlog(
                row.getLong("waiting"), Optional.ofNullable(row.getObject("oldest", UUID.class))))
        .one();
  }

  private static Counts read(ResultSet row) throws SQLException {
    return new Counts(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        new long[] {
          row.getLong("unanswered"),
          0,
          row.getLong("answered_2xx"),
          row.getLong("answered_3xx"),
          row.getLong("answered_4xx"),
          row.getLong("answered_5xx")
        },
        row.getLong("delivered"),
        row.getLong("given_up"),
        latency(row.getArray("latency")));
  }

  private static long[] latency(Array array) throws SQLException {
    @Nullable Integer[] counts = (Integer[]) array.getArray();
    long[] latency = new long[LatencyScale.CLASSES];
    for (int i = 0; i < counts.length; i++) {
      latency[i] = counts[i] == null ? 0 : counts[i];
    }
    return latency;
  }
}
