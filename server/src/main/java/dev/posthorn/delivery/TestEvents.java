package dev.posthorn.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Stores events that are made by hand, each for one webhook only, whatever its filter says. */
final class TestEvents {
  private static final String EVENT =
      """
      INSERT INTO event (account_id, id, type, payload, test, created_at)
      VALUES (:account, :event, :type, :payload, true, :now)
      """;

  private static final String DELIVERY =
      """
      INSERT INTO delivery (account_id, webhook_id, event_id, due_at) VALUES (:account, :webhook, :event, :now)
      """;

  private TestEvents() {}

  /**
   * An event to try a webhook out with.
   *
   * @param payload the exact bytes to send
   */
  record TestEvent(UUID id, String type, byte[] payload) {}

  static void add(Handle transaction, LaneKey lane, TestEvent event, Instant now) {
    transaction
        .createUpdate(EVENT)
        .bind("account", lane.accountId())
        .bind("event", event.id())
        .bind("type", event.type())
        .bind("payload", event.payload())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
    transaction
        .createUpdate(DELIVERY)
        .bind("account", lane.accountId())
        .bind("webhook", lane.webhookId())
        .bind("event", event.id())
        .bind("now", DeliveryQueue.utc(now))
        .execute();
  }
}
