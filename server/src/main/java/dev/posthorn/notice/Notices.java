package dev.posthorn.notice;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of notices: one for each member who is to be told. */
public final class Notices {
  private static final String ADD =
      """
      INSERT INTO notice (account_id, webhook_id, email, kind, since, cause, created_at, due_at)
      SELECT :account, :webhook, m.email, :kind, :since, :cause, :now, :now
      FROM member m
      WHERE m.account_id = :account
      """;

  /** Taken by one node at a time; one that dies with it comes back when its time is over. */
  private static final String TAKE =
      """
      WITH next AS MATERIALIZED (
        SELECT account_id, id FROM notice
        WHERE due_at <= :now
        ORDER BY due_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED)
      UPDATE notice n SET due_at = :until, tries = n.tries + 1
      FROM next
      WHERE n.account_id = next.account_id AND n.id = next.id
      RETURNING n.account_id, n.id, n.webhook_id, n.email, n.kind, n.since, n.cause, n.created_at, n.tries
      """;

  private static final String POSTPONE =
      """
      UPDATE notice SET due_at = :until WHERE account_id = :account AND id = :id
      """;

  private static final String REMOVE =
      """
      DELETE FROM notice WHERE account_id = :account AND id = :id
      """;

  private static final String SUBJECT =
      """
      SELECT public_id, url, description, failing_since
      FROM webhook
      WHERE account_id = :account AND id = :webhook AND deleted_at IS NULL
      """;

  private Notices() {}

  /**
   * Something to tell all members of an account.
   *
   * @param since when the run of failures began, or when the webhook was disabled
   * @param cause what came of the last attempt, in a sentence
   */
  public record News(
      long accountId, long webhookId, NoticeKind kind, Instant since, String cause) {}

  /** Stores it for every member, to be sent once the transaction is committed. */
  public static void add(Handle transaction, News news, Instant now) {
    transaction
        .createUpdate(ADD)
        .bind("account", news.accountId())
        .bind("webhook", news.webhookId())
        .bind("kind", news.kind().text())
        .bind("since", utc(news.since()))
        .bind("cause", news.cause())
        .bind("now", utc(now))
        .execute();
  }

  /**
   * The next one that is due; nobody else takes it for a while.
   *
   * @param until when it is due again, unless it is removed
   */
  static Optional<Notice> take(Handle handle, Instant now, Instant until) {
    return handle
        .createQuery(TAKE)
        .bind("now", utc(now))
        .bind("until", utc(until))
        .map((row, context) -> read(row))
        .findOne();
  }

  static int postpone(Handle handle, Notice notice, Instant until) {
    return handle
        .createUpdate(POSTPONE)
        .bind("account", notice.accountId())
        .bind("id", notice.id())
        .bind("until", utc(until))
        .execute();
  }

  static int remove(Handle handle, Notice notice) {
    return handle
        .createUpdate(REMOVE)
        .bind("account", notice.accountId())
        .bind("id", notice.id())
        .execute();
  }

  /** What a notice is about, as it is now; absent when it was deleted. */
  static Optional<NoticeSubject> subject(Handle handle, Notice notice) {
    return handle
        .createQuery(SUBJECT)
        .bind("account", notice.accountId())
        .bind("webhook", notice.webhookId())
        .map((row, context) ->
            new NoticeSubject(
                row.getObject("public_id", UUID.class),
                row.getString("url"),
                Optional.ofNullable(row.getString("description")),
                row.getObject("failing_since") != null))
        .findOne();
  }

  private static Notice read(ResultSet row) throws SQLException {
    return new Notice(
        row.getLong("account_id"),
        row.getObject("id", UUID.class),
        row.getLong("webhook_id"),
        row.getString("email"),
        NoticeKind.of(row.getString("kind")),
        row.getObject("since", OffsetDateTime.class).toInstant(),
        row.getString("cause"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getInt("tries"));
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
