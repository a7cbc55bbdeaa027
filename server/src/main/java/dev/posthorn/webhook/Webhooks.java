package dev.posthorn.webhook;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of webhooks. */
public final class Webhooks {
  private static final String FIND =
      """
      SELECT *, deleted_at IS NOT NULL AS deleted FROM webhook WHERE account_id = :account AND id = :id
      """;

  private Webhooks() {}

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
        collectUntil == null ? Instant.MAX : collectUntil,
        instant(row, "hold_until"),
        instant(row, "failing_since"),
        instant(row, "warned_at"),
        row.getBoolean("deleted"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static List<String> texts(Array array) {
    try {
      return List.of((String[]) array.getArray());
    } catch (SQLException e) {
      throw new IllegalStateException("an array of texts could not be read", e);
    }
  }
}
