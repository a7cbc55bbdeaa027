package dev.posthorn.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as its row and its event's row have it.
 *
 * @param state {@code pending}, {@code succeeded}, {@code failed} or {@code cancelled}
 * @param status of the last attempt's answer; absent without one
 * @param dueAt when a pending one may be sent; of no meaning for a settled one
 * @param retry whether it is tried again, and so waits for {@code dueAt}
 */
record StoredDelivery(
    UUID eventId,
    String eventType,
    String state,
    int attempts,
    @Nullable Integer status,
    Instant createdAt,
    Instant dueAt,
    boolean retry,
    @Nullable Instant settledAt) {

  boolean isPending() {
    return state.equals("pending");
  }

  /**
   * When a node died that may have sent it without a trace, and it was not attempted since. Of one
   * that an attempt settled, its attempts tell.
   */
  Optional<Instant> maybeSentAt(Takeovers takeovers) {
    boolean waitedToTheEnd = isPending() || state.equals("cancelled");
    Instant end = settledAt == null ? Instant.MAX : settledAt;
    return waitedToTheEnd
        ? takeovers.lastBetween(retry ? dueAt : createdAt, end)
        : Optional.empty();
  }

  static StoredDelivery read(ResultSet row) throws SQLException {
    return new StoredDelivery(
        row.getObject("event_id", UUID.class),
        row.getString("type"),
        row.getString("state"),
        row.getInt("attempts"),
        row.getObject("status", Integer.class),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("due_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("retry"),
        instant(row, "settled_at"));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
