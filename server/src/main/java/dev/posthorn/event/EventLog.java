package dev.posthorn.event;

import dev.posthorn.db.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Publishing is one statement: events in, deliveries to every webhook that collects them. */
public final class EventLog {
  /**
   * Only inserts: no row that others share is locked or changed, so an application's transaction
   * may stay open for as long as it likes. Which webhooks match is decided as this statement sees
   * them.
   */
  private static final String PUBLISH =
      """
      WITH input AS MATERIALIZED (
        SELECT * FROM unnest(:accounts, :ids, :types, :records, :payloads, :createdAt)
        AS i (account_id, id, type, record_id, payload, created_at)),
      stored AS (
        INSERT INTO event (account_id, id, type, record_id, payload, created_at)
        SELECT account_id, id, type, record_id, payload, created_at FROM input)
      INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
      SELECT i.account_id, w.id, i.id, i.created_at
      FROM input i
      JOIN webhook w ON w.account_id = i.account_id
        AND w.deleted_at IS NULL
        AND w.collect_until > i.created_at
        AND (w.filter_patterns IS NULL OR i.type LIKE ANY (w.filter_patterns))
      RETURNING event_id, webhook_id
      """;

  private EventLog() {}

  /** Stores events and their deliveries; the results are in the order of the events. */
  public static List<PublishedEvent> publish(Handle transaction, List<NewEvent> events) {
    Map<UUID, List<Long>> webhooks = new HashMap<>();
    try (Query query = transaction.createQuery(PUBLISH)) {
      new Rows<>(query, events)
          .longs("accounts", NewEvent::accountId)
          .uuids("ids", NewEvent::id)
          .texts("types", NewEvent::type)
          .longs("records", NewEvent::recordId)
          .bytes("payloads", NewEvent::payload)
          .times("createdAt", NewEvent::createdAt);
      query
          .map((row, context) -> Map.entry(row.getObject(1, UUID.class), row.getLong(2)))
          .forEach(row ->
              webhooks.computeIfAbsent(row.getKey(), id -> new ArrayList<>()).add(row.getValue()));
    }
    return events.stream()
        .map(event -> new PublishedEvent(event, webhooks.getOrDefault(event.id(), List.of())))
        .toList();
  }
}
