package dev.posthorn.event;

import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.webhook.Webhooks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The rows of the accounts' own event types. */
final class EventTypes {
  private static final String FIND =
      """
      SELECT * FROM event_type WHERE account_id = :account AND name = ANY (:names)
      """;

  private static final String LOCK =
      """
      SELECT * FROM event_type WHERE account_id = :account AND name = :name FOR UPDATE
      """;

  private static final String NAMES =
      """
      SELECT name FROM event_type WHERE account_id = :account AND archived_at IS NULL
      """;

  private static final String LIST =
      """
      SELECT * FROM event_type
      WHERE account_id = :account AND (:archived OR archived_at IS NULL)
      ORDER BY name COLLATE "C"
      LIMIT :limit OFFSET :offset
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM event_type WHERE account_id = :account AND (:archived OR archived_at IS NULL)
      """;

  /** An archived name comes back with a new definition; one that is in use stays as it is. */
  private static final String INSERT =
      """
      INSERT INTO event_type AS t (account_id, name, description, schema, example, created_at, updated_at)
      VALUES (:account, :name, :description, :schema, :example, :created_at, :updated_at)
      ON CONFLICT (account_id, name) DO UPDATE
      SET description = excluded.description, schema = excluded.schema, example = excluded.example,
        created_at = excluded.created_at, updated_at = excluded.updated_at, archived_at = NULL
      WHERE t.archived_at IS NOT NULL
      """;

  private static final String UPDATE =
      """
      UPDATE event_type
      SET description = :description, schema = :schema, example = :example, updated_at = :updated_at
      WHERE account_id = :account AND name = :name
      """;

  private static final String ARCHIVE =
      """
      UPDATE event_type SET archived_at = :now, updated_at = :now
      WHERE account_id = :account AND name = :name
      """;

  private static final String DELETE =
      """
      DELETE FROM event_type WHERE account_id = :account AND name = :name
      """;

  /**
   * There is no index by type, for every event would pay for it. So only the newest events since
   * the type's creation are looked at, and too many to look at count as in use.
   */
  private static final String MAY_HAVE_EVENTS =
      """
      SELECT coalesce(bool_or(type = :name), false) OR count(*) = :most
      FROM (SELECT type FROM event
        WHERE account_id = :account AND id >= :since
        ORDER BY id DESC LIMIT :most) AS newest
      """;

  private static final int MOST_LOOKED_AT = 100_000;

  private EventTypes() {}

  static List<EventType> find(Handle handle, long accountId, Collection<String> names) {
    return handle
        .createQuery(FIND)
        .bind("account", accountId)
        .bindArray("names", String.class, names.toArray())
        .map((row, context) -> read(row))
        .list();
  }

  static Optional<EventType> lock(Handle transaction, long accountId, String name) {
    return transaction
        .createQuery(LOCK)
        .bind("account", accountId)
        .bind("name", name)
        .map((row, context) -> read(row))
        .findOne();
  }

  /** The names that can be published and filtered for. */
  static Set<String> names(Handle handle, long accountId) {
    return handle.createQuery(NAMES).bind("account", accountId).mapTo(String.class).set();
  }

  /** Some of the types, by name. */
  static List<EventType> list(
      Handle handle, long accountId, boolean archivedToo, int limit, long offset) {
    return handle
        .createQuery(LIST)
        .bind("account", accountId)
        .bind("archived", archivedToo)
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, context) -> read(row))
        .list();
  }

  static long count(Handle handle, long accountId, boolean archivedToo) {
    return handle
        .createQuery(COUNT)
        .bind("account", accountId)
        .bind("archived", archivedToo)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Stores a new type, or an archived one anew.
   *
   * @return false when the name is taken
   */
  static boolean insert(Handle transaction, long accountId, EventType type) {
    try (Update update = transaction.createUpdate(INSERT)) {
      return bind(update, accountId, type).bind("created_at", utc(type.createdAt())).execute() == 1;
    }
  }

  static void update(Handle transaction, long accountId, EventType type) {
    try (Update update = transaction.createUpdate(UPDATE)) {
      bind(update, accountId, type).execute();
    }
  }

  /**
   * Deletes a type that nothing names; one that is in use is archived, so that what happened keeps
   * its meaning.
   */
  static void remove(Handle transaction, long accountId, EventType type, Instant now) {
    boolean isInUse =
        Webhooks.namesType(transaction, accountId, type.name())
            || mayHaveEvents(transaction, accountId, type);
    if (isInUse) {
      archive(transaction, accountId, type.name(), now);
    } else {
      delete(transaction, accountId, type.name());
    }
  }

  private static void archive(Handle transaction, long accountId, String name, Instant now) {
    transaction
        .createUpdate(ARCHIVE)
        .bind("account", accountId)
        .bind("name", name)
        .bind("now", utc(now))
        .execute();
  }

  private static void delete(Handle transaction, long accountId, String name) {
    transaction.createUpdate(DELETE).bind("account", accountId).bind("name", name).execute();
  }

  /** Whether there is an event of the type, or too many events to say that there is none. */
  private static boolean mayHaveEvents(Handle handle, long accountId, EventType type) {
    return handle
        .createQuery(MAY_HAVE_EVENTS)
        .bind("account", accountId)
        .bind("name", type.name())
        .bind("since", TimeOrderedIds.lowestAt(type.createdAt()))
        .bind("most", MOST_LOOKED_AT)
        .mapTo(Boolean.class)
        .one();
  }

  private static Update bind(Update update, long accountId, EventType type) {
    return update
        .bind("account", accountId)
        .bind("name", type.name())
        .bind("description", type.description())
        .bind("schema", type.schema())
        .bind("example", type.example())
        .bind("updated_at", utc(type.updatedAt()));
  }

  private static EventType read(ResultSet row) throws SQLException {
    return new EventType(
        row.getString("name"),
        row.getString("description"),
        row.getString("schema"),
        row.getString("example"),
        instant(row, "archived_at"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
