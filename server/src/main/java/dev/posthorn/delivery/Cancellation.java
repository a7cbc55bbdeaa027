package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.time.InstantSource;

/** Cancels what still waits for a deleted webhook, in slices small enough to hold nobody up. */
final class Cancellation {
  private static final int SLICE = 1_000;

  /** By the index of what is pending: what is settled costs nothing, however much it is. */
  static final String CANCEL =
      """
      WITH slice AS MATERIALIZED (
        SELECT event_id FROM delivery
        WHERE account_id = :account AND webhook_id = :webhook AND state = 'pending'
        ORDER BY retry, due_at
        LIMIT :slice)
      UPDATE delivery d SET state = 'cancelled', settled_at = :now
      FROM slice
      WHERE d.account_id = :account AND d.webhook_id = :webhook AND d.event_id = slice.event_id AND d.state = 'pending'
      """;

  private final Database database;
  private final Workers workers;
  private final InstantSource clock;

  Cancellation(Database database, Workers workers, InstantSource clock) {
    this.database = database;
    this.workers = workers;
    this.clock = clock;
  }

  void cancelAll(LaneKey lane) {
    int cancelled = SLICE;
    while (cancelled == SLICE) {
      cancelled = workers.slice(() -> cancelSlice(lane));
    }
  }

  private int cancelSlice(LaneKey lane) {
    return database.withHandle(handle ->
        handle
            .createUpdate(CANCEL)
            .bind("account", lane.accountId())
            .bind("webhook", lane.webhookId())
            .bind("slice", SLICE)
            .bind("now", DeliveryQueue.utc(clock.instant()))
            .execute());
  }
}
