package dev.posthorn.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of intents, and the statements that carry them out. */
final class Intents {
  /** How many deliveries one transaction changes at most: few enough to hold nobody up. */
  static final int SLICE = 1_000;

  private static final String ADD =
      """
      INSERT INTO intent (account_id, webhook_id, id, kind, from_event, to_event, states, created_at)
      VALUES (:account, :webhook, :id, :kind, :fromEvent, :toEvent, :states, :now)
      """;

  private static final String OPEN =
      """
      SELECT id, kind, from_event, to_event, position
      FROM intent
      WHERE account_id = :account AND webhook_id = :webhook AND done_at IS NULL
      ORDER BY id
      """;

  private static final String WEBHOOKS_WITH_OPEN =
      """
      SELECT DISTINCT account_id, webhook_id FROM intent WHERE done_at IS NULL AND webhook_id % 256 = ANY (:shards)
      """;

  /** The states of the intent itself decide which deliveries it is about. */
  private static final String SLICE_KEYS =
      """
      SELECT d.event_id
      FROM intent i
      JOIN delivery d ON d.account_id = i.account_id AND d.webhook_id = i.webhook_id
        AND d.event_id > coalesce(i.position, '00000000-0000-0000-0000-000000000000')
        AND d.event_id >= i.from_event AND d.event_id <= i.to_event AND d.state::text = ANY (i.states)
      WHERE i.account_id = :account AND i.webhook_id = :webhook AND i.id = :id
      ORDER BY d.event_id
      LIMIT :slice
      """;

  private static final String CANCEL =
      """
      UPDATE delivery SET state = 'cancelled', settled_at = :now
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = ANY (:events)
        AND event_id >= :lowest AND event_id <= :highest AND state = 'pending'
      """;

  private static final String SEND_AGAIN =
      """
      UPDATE delivery SET state = 'pending', retry = true, step = 0, due_at = :now, settled_at = NULL
      WHERE account_id = :account AND webhook_id = :webhook AND event_id = ANY (:events)
        AND event_id >= :lowest AND event_id <= :highest
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

  /** Stores an intent about deliveries in these states. */
  static void add(Handle transaction, LaneKey lane, Intent intent, List<String> states, Instant now) {
    transaction
        .createUpdate(ADD)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("kind", intent.kind().name().toLowerCase(Locale.ROOT))
        .bind("fromEvent", intent.fromEvent())
        .bind("toEvent", intent.toEvent())
        .bindArray("states", String.class, states)
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
   * Carries out the next slice of an intent.
   *
   * @param spared deliveries that are under way, and so not touched
   * @return the events whose deliveries it came to; fewer than {@link #SLICE} when it is done
   */
  static List<UUID> carryOutSlice(Handle transaction, LaneKey lane, Intent intent, Collection<UUID> spared, Instant now) {
    List<UUID> slice =
        transaction
            .createQuery(SLICE_KEYS)
            .bind("account", lane.accountId())
            .bind("webhook", lane.webhookId())
            .bind("id", intent.id())
            .bind("slice", SLICE)
            .mapTo(UUID.class)
            .list();
    List<UUID> changing = slice.stream().filter(event -> !spared.contains(event)).toList();
    int affected = changing.isEmpty() ? 0 : change(transaction, lane, intent, changing, now);
    if (!slice.isEmpty()) {
      advance(transaction, lane, intent, slice.getLast(), affected);
    }
    if (slice.size() < SLICE) {
      finish(transaction, lane, intent, now);
    }
    return slice;
  }

  private static int change(Handle transaction, LaneKey lane, Intent intent, List<UUID> events, Instant now) {
    String sql =
        switch (intent.kind()) {
          case SKIP -> CANCEL;
          case RECOVER, RETRY -> SEND_AGAIN;
        };
    return transaction
        .createUpdate(sql)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bindArray("events", UUID.class, events)
        .bind("lowest", events.getFirst())
        .bind("highest", events.getLast())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }

  private static void advance(Handle transaction, LaneKey lane, Intent intent, UUID position, int affected) {
    transaction
        .createUpdate(ADVANCE)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("position", position)
        .bind("affected", affected)
        .execute();
  }

  private static void finish(Handle transaction, LaneKey lane, Intent intent, Instant now) {
    transaction
        .createUpdate(FINISH)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("id", intent.id())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }

  private static Intent intent(ResultSet row) throws SQLException {
    return new Intent(
        row.getObject("id", UUID.class),
        Intent.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getObject("from_event", UUID.class),
        row.getObject("to_event", UUID.class),
        Optional.ofNullable(row.getObject("position", UUID.class)));
  }
}
