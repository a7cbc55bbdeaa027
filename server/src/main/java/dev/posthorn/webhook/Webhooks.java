package dev.posthorn.webhook;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The rows of webhooks. */
public final class Webhooks {
  private static final String FIND =
      """
      SELECT *, deleted_at IS NOT NULL AS deleted FROM webhook WHERE account_id = :account AND id = :id
      """;

  private static final String FIND_PUBLIC =
      """
      SELECT *, false AS deleted FROM webhook
      WHERE account_id = :account AND public_id = :public_id AND deleted_at IS NULL
      """;

  private static final String LOCK_PUBLIC =
      """
      SELECT *, false AS deleted FROM webhook
      WHERE account_id = :account AND public_id = :public_id AND deleted_at IS NULL
      FOR NO KEY UPDATE
      """;

  private static final String LIST =
      """
      SELECT *, false AS deleted FROM webhook
      WHERE account_id = :account AND deleted_at IS NULL
      ORDER BY id
      LIMIT :limit OFFSET :offset
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM webhook WHERE account_id = :account AND deleted_at IS NULL
      """;

  private static final String NEXT_ID =
      """
      SELECT nextval('webhook_id')
      """;

  private static final String INSERT =
      """
      INSERT INTO webhook (account_id, id, public_id, url, description, filter_types, filter_patterns,
        headers, secret, previous_secret, previous_secret_until, rate_limit, enabled, disabled_reason,
        disabled_at, collect_until, hold_until, failing_since, warned_at, revision, created_at, updated_at)
      VALUES (:account, :id, :public_id, :url, :description, :filter_types, :filter_patterns,
        :headers, :secret, :previous_secret, :previous_secret_until, :rate_limit, :enabled, :disabled_reason,
        :disabled_at, :collect_until, :hold_until, :failing_since, :warned_at, :revision, :created_at, :updated_at)
      """;

  private static final String UPDATE =
      """
      UPDATE webhook
      SET url = :url, description = :description, filter_types = :filter_types,
        filter_patterns = :filter_patterns, headers = :headers, secret = :secret,
        previous_secret = :previous_secret, previous_secret_until = :previous_secret_until,
        rate_limit = :rate_limit, enabled = :enabled, disabled_reason = :disabled_reason,
        disabled_at = :disabled_at, collect_until = :collect_until, hold_until = :hold_until,
        failing_since = :failing_since, warned_at = :warned_at, revision = :revision, updated_at = :updated_at
      WHERE account_id = :account AND id = :id
      """;

  private static final String DELETE =
      """
      UPDATE webhook
      SET deleted_at = :now, updated_at = :now, collect_until = '-infinity', revision = revision + 1
      WHERE account_id = :account AND id = :id
      RETURNING revision
      """;

  private static final String NAMES_TYPE =
      """
      SELECT EXISTS (SELECT FROM webhook
        WHERE account_id = :account AND deleted_at IS NULL AND :type = ANY (filter_types))
      """;

  private Webhooks() {}

  /** A webhook of the account by its public id; deleted ones do not count. */
  static Optional<Webhook> findPublic(Handle handle, long accountId, UUID publicId) {
    return onePublic(handle, FIND_PUBLIC, accountId, publicId);
  }

  /** The same, and nobody else changes it before the transaction ends. */
  public static Optional<Webhook> lockPublic(Handle transaction, long accountId, UUID publicId) {
    return onePublic(transaction, LOCK_PUBLIC, accountId, publicId);
  }

  private static Optional<Webhook> onePublic(
      Handle handle, String sql, long accountId, UUID publicId) {
    return handle
        .createQuery(sql)
        .bind("account", accountId)
        .bind("public_id", publicId)
        .map((row, context) -> read(row))
        .findOne();
  }

  /** Some of the account's webhooks, oldest first. */
  static List<Webhook> list(Handle handle, long accountId, int limit, long offset) {
    return handle
        .createQuery(LIST)
        .bind("account", accountId)
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, context) -> read(row))
        .list();
  }

  static long count(Handle handle, long accountId) {
    return handle.createQuery(COUNT).bind("account", accountId).mapTo(Long.class).one();
  }

  /** An internal id for a new webhook. */
  static long nextId(Handle handle) {
    return handle.createQuery(NEXT_ID).mapTo(Long.class).one();
  }

  static void insert(Handle transaction, Webhook webhook) {
    try (Update update = transaction.createUpdate(INSERT)) {
      bind(update, webhook)
          .bind("public_id", webhook.publicId())
          .bind("created_at", utc(webhook.createdAt()))
          .execute();
    }
  }

  /** Stores every field that can change. */
  static void update(Handle transaction, Webhook webhook) {
    try (Update update = transaction.createUpdate(UPDATE)) {
      bind(update, webhook).execute();
    }
  }

  /**
   * Deletes softly: the row stays for the engine, which cancels what waits.
   *
   * @return the revision that this makes
   */
  static long delete(Handle transaction, Webhook webhook, Instant now) {
    return transaction
        .createQuery(DELETE)
        .bind("account", webhook.accountId())
        .bind("id", webhook.id())
        .bind("now", utc(now))
        .mapTo(Long.class)
        .one();
  }

  /** Whether a webhook of the account names the event type in its filter; patterns do not count. */
  public static boolean namesType(Handle handle, long accountId, String type) {
    return handle
        .createQuery(NAMES_TYPE)
        .bind("account", accountId)
        .bind("type", type)
        .mapTo(Boolean.class)
        .one();
  }

  private static Update bind(Update update, Webhook webhook) {
    Optional<FilterTypes> filter = webhook.filterTypes().map(FilterTypes::new);
    bindStatus(update, webhook.status());
    return update
        .bind("account", webhook.accountId())
        .bind("id", webhook.id())
        .bind("url", webhook.url())
        .bind("description", webhook.description())
        .bind("filter_types", array(filter.map(FilterTypes::entries)))
        .bind("filter_patterns", array(filter.map(FilterTypes::likePatterns)))
        .bind("headers", webhook.sealedHeaders())
        .bind("secret", webhook.secrets().current())
        .bind("previous_secret", webhook.secrets().previous())
        .bind("previous_secret_until", utc(webhook.secrets().previousUntil()))
        .bind("rate_limit", webhook.rateLimit())
        .bind("revision", webhook.revision())
        .bind("updated_at", utc(webhook.updatedAt()));
  }

  private static void bindStatus(Update update, Webhook.Status status) {
    update
        .bind("hold_until", utc(status.holdUntil()))
        .bind("enabled", status.enabled())
        .bind("disabled_reason", status.disabledReason())
        .bind("disabled_at", utc(status.disabledAt()))
        .bind("collect_until", utc(status.collectUntil()))
        .bind("failing_since", utc(status.failingSince()))
        .bind("warned_at", utc(status.warnedAt()));
  }

  private static String @Nullable [] array(Optional<List<String>> texts) {
    return texts.map(list -> list.toArray(String[]::new)).orElse(null);
  }

  /** The driver's own word for infinity is the last moment that has an offset. */
  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    if (time == null) {
      return null;
    }
    return time.equals(Webhook.FOREVER) ? OffsetDateTime.MAX : time.atOffset(ZoneOffset.UTC);
  }

  /** A webhook by its internal id, deleted ones too. */
  public static Optional<Webhook> find(Handle handle, long accountId, long id) {
    return handle
        .createQuery(FIND)
        .bind("account", accountId)
        .bind("id", id)
        .map((row, context) -> read(row))
        .findOne();
  }

  private static Webhook read(ResultSet row) throws SQLException {
    return new Webhook(
        row.getLong("account_id"),
        row.getLong("id"),
        row.getObject("public_id", UUID.class),
        row.getString("url"),
        row.getString("description"),
        Optional.ofNullable(row.getArray("filter_types")).map(Webhooks::texts),
        row.getBytes("headers"),
        new Webhook.SealedSecrets(
            row.getBytes("secret"),
            row.getBytes("previous_secret"),
            instant(row, "previous_secret_until")),
        row.getInt("rate_limit"),
        readStatus(row),
        row.getLong("revision"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static Webhook.Status readStatus(ResultSet row) throws SQLException {
    Instant collectUntil = instant(row, "collect_until");
    return new Webhook.Status(
        row.getBoolean("enabled"),
        row.getString("disabled_reason"),
        instant(row, "disabled_at"),
        collectUntil == null ? Webhook.FOREVER : collectUntil,
        instant(row, "hold_until"),
        instant(row, "failing_since"),
        instant(row, "warned_at"),
        row.getBoolean("deleted"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null
        ? null
        : time.equals(OffsetDateTime.MAX) ? Webhook.FOREVER : time.toInstant();
  }

  private static List<String> texts(Array array) {
    try {
      return List.of((String[]) array.getArray());
    } catch (SQLException e) {
      throw new IllegalStateException("an array of texts could not be read", e);
    }
  }
}
