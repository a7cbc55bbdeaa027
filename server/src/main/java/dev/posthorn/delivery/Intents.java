package dev.posthorn.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** The rows of intents, and the statements that carry them out. */
final class Intents {
  /** How many deliveries one transaction changes at most: few enough to hold nobody up. */
  static final int SLICE = 1_000;

  private static final UUID NONE = new UUID(0, 0);

  private static final String ADD =
      """
      INSERT INTO intent (account_id, webhook_id, id, kind, from_event, to_event, states, created_at,
        asked_until)
      VALUES (:account, :webhook, :id, :kind, :fromEvent, :toEvent, :states, :now, :askedUntil)
      """;

  private static final String OPEN =
      """
      SELECT id, kind, from_event, to_event, states, position
      FROM intent
      WHERE account_id = :account AND webhook_id = :webhook AND done_at IS NULL
      ORDER BY id
      """;

  private static final String WEBHOOKS_WITH_OPEN =
      """
      SELECT DISTINCT account_id, webhook_id FROM intent WHERE done_at IS NULL AND webhook_id % 256 = ANY (:shards)
      """;

  /**
   * What waits leaves this selection by being cancelled: no position is needed, and nothing settled
   * is passed over.
   */
  private static final String PENDING_KEYS =
      """
      SELECT event_id FROM delivery
      WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending' AND event_id <= :toEvent
        AND event_id <> ALL (:spared)
      ORDER BY retry, due_at
      LIMIT :slice
      """;

  /** By the index of what failed: costs nothing for what did not. */
  private static final String FAILED_KEYS =
      """
      SELECT event_id FROM delivery
      WHERE account_id = :account AND webhook_id = :webhook AND state = 'failed'
        AND event_id > :behind AND event_id >= :fromEvent AND event_id <= :toEvent
      ORDER BY event_id
      LIMIT :slice
      """;

  /** What was settled after it was asked for is left alone: it has been sent again already. */
  private static final String SETTLED_KEYS =
      """
      SELECT event_id FROM delivery
      WHERE account_id = :account AND webhook_id = :webhook AND state::text = ANY (:states)
        AND event_id > :behind AND event_id >= :fromEvent AND event_id <= :toEvent
        AND (settled_at IS NULL OR settled_at <= (
          SELECT created_at FROM intent
          WHERE account_id = :account AND webhook_id = :webhook AND id = :id))
      ORDER BY event_id
      LIMIT :slice
      """;

  private static final String CANCEL =
      """
      UPDATE delivery SET state = 'cancelled', settled_at = :now
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = ANY (:events)
        AND event_id >= :lowest AND event_id <= :highest AND state = 'pending'
      """;

  /**
   * The state is asked once more: it may have been settled since the keys were read. What is due
   * stays due since then, for since then it may have been sent.
   */
  private static final String SEND_AGAIN =
      """
      UPDATE delivery SET state = 'pending', retry = true, step = 0, settled_at = NULL,
        due_at = CASE WHEN state = 'pending' THEN least(due_at, :now) ELSE :now END
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = ANY (:events)
        AND event_id >= :lowest AND event_id <= :highest AND state = ANY (CAST(:states AS delivery_state[]))
      """;

  private static final String ADVANCE =
      """
      UPDATE intent SET position = :position, affected = affected + :affected
      WHERE account_id = :account AND webhook_id = :webhook AND id = :id
      """;

  private static final String FINISH =
      """
      UPDATE intent SET done_at = :now WHERE account_id = :account AND webhook_id = :webhook AND id = :id
      """;

  private Intents() {}

  /** Stores an intent; the webhook's owner has to be called. */
  static void add(Handle transaction, LaneKey lane, Intent intent, Instant now) {
    add(transaction, lane, intent, Optional.empty(), now);
  }

  /**
   * Stores an intent; the webhook's owner has to be called.
   *
   * @param askedUntil the end of its range as it was sent, to tell the same request by
   */
  static void add(
      Handle transaction, LaneKey lane, Intent intent, Optional<Instant> askedUntil, Instant now) {
    transaction
        .createUpdate(ADD)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("kind", intent.kind().name().toLowerCase(Locale.ROOT))
        .bind("fromEvent", intent.fromEvent())
        .bind("toEvent", intent.toEvent())
        .bindArray("states", String.class, intent.states())
        .bind("askedUntil", askedUntil.map(DeliveryQueue::utc).orElse(null))
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }

  /** What is still to be done for a webhook, oldest first. */
  static List<Intent> open(Handle handle, long accountId, long webhookId) {
    return handle
        .createQuery(OPEN)
        .bind("account", accountId)
        .bind("webhook", webhookId)
        .map((row, context) -> intent(row))
        .list();
  }

  /** The webhooks of these shards for which something is still to be done. */
  static List<DeliveryQueue.Due> webhooksWithOpen(Handle handle, Collection<Integer> shards) {
    return handle
        .createQuery(WEBHOOKS_WITH_OPEN)
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .map((row, context) -> new DeliveryQueue.Due(row.getLong(1), row.getLong(2)))
        .list();
  }

  /**
   * A part of an intent that was carried out.
   *
   * @param events those whose deliveries it came to
   * @param full whether there may be more
   * @param done whether the intent is; a skip is not as long as one of its deliveries is under way
   */
  record Slice(List<UUID> events, boolean full, boolean done) {}

  /**
   * Carries out the next slice of an intent.
   *
   * @param spared deliveries that are under way, and so not touched
   */
  static Slice carryOutSlice(
      Handle transaction, LaneKey lane, Intent intent, Collection<UUID> spared, Instant now) {
    List<UUID> slice =
        intent.kind() == Intent.Kind.SKIP
            ? pending(transaction, lane, intent, spared)
            : settled(transaction, lane, intent);
    int affected = slice.isEmpty() ? 0 : change(transaction, lane, intent, slice, now);
    if (!slice.isEmpty()) {
      advance(transaction, lane, intent, slice.getLast(), affected);
    }
    boolean full = slice.size() == SLICE;
    boolean done = !full && !(intent.kind() == Intent.Kind.SKIP && isAboutAny(intent, spared));
    if (done) {
      finish(transaction, lane, intent, now);
    }
    return new Slice(slice, full, done);
  }

  private static boolean isAboutAny(Intent intent, Collection<UUID> events) {
    return events.stream().anyMatch(event -> event.compareTo(intent.toEvent()) <= 0);
  }

  private static List<UUID> pending(
      Handle transaction, LaneKey lane, Intent intent, Collection<UUID> spared) {
    return transaction
        .createQuery(PENDING_KEYS)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("toEvent", intent.toEvent())
        .bindArray("spared", UUID.class, List.copyOf(spared))
        .bind("slice", SLICE)
        .mapTo(UUID.class)
        .list();
  }

  /** A retry may find its delivery pending already, waiting for a later moment. */
  private static List<UUID> settled(Handle transaction, LaneKey lane, Intent intent) {
    boolean failedOnly = intent.states().equals(List.of("failed"));
    Query query =
        transaction
            .createQuery(failedOnly ? FAILED_KEYS : SETTLED_KEYS)
            .bind("account", lane.accountId())
            .bind("webhook", lane.webhookId())
            .bind("behind", intent.position().orElse(NONE))
            .bind("fromEvent", intent.fromEvent())
            .bind("toEvent", intent.toEvent())
            .bind("slice", SLICE);
    if (!failedOnly) {
      query.bindArray("states", String.class, intent.states()).bind("id", intent.id());
    }
    return query.mapTo(UUID.class).list();
  }

  private static int change(
      Handle transaction, LaneKey lane, Intent intent, List<UUID> events, Instant now) {
    String sql =
        switch (intent.kind()) {
          case SKIP -> CANCEL;
          case RECOVER, RETRY -> SEND_AGAIN;
        };
    Update update = transaction.createUpdate(sql);
    if (intent.kind() != Intent.Kind.SKIP) {
      update.bindArray("states", String.class, intent.states());
    }
    return update
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bindArray("events", UUID.class, events)
        .bind("lowest", Collections.min(events))
        .bind("highest", Collections.max(events))
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }

  private static void advance(
      Handle transaction, LaneKey lane, Intent intent, UUID position, int affected) {
    transaction
        .createUpdate(ADVANCE)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("position", position)
        .bind("affected", affected)
        .execute();
  }

  /** Ends an intent, however much of it is carried out. */
  static int finish(Handle transaction, LaneKey lane, Intent intent, Instant now) {
    return transaction
        .createUpdate(FINISH)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }

  static Intent intent(ResultSet row) throws SQLException {
    return new Intent(
        row.getObject("id", UUID.class),
        Intent.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getObject("from_event", UUID.class),
        row.getObject("to_event", UUID.class),
        List.of((String[]) row.getArray("states").getArray()),
        Optional.ofNullable(row.getObject("position", UUID.class)));
  }
}
