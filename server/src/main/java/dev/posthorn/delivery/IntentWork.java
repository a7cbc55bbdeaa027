package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Carries out what is asked of a webhook's deliveries, on the node that owns it. */
final class IntentWork {
  private final Database database;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  IntentWork(Database database, DeliveryQueue queue, InstantSource clock) {
    this.database = database;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Does all that is open, in the order in which it was asked for; one thread at a time for a lane.
   */
  void carryOutAll(Lane lane) {
    if (!lane.beginCarryingOut()) {
      return;
    }
    try {
      do {
        carryOutOpen(lane);
      } while (lane.mustCarryOutAgain());
    } catch (RuntimeException e) {
      lane.stopCarryingOut();
      throw e;
    }
  }

  private void carryOutOpen(Lane lane) {
    LaneKey key = lane.key();
    List<Intent> open =
        database.withHandle(handle -> Intents.open(handle, key.accountId(), key.webhookId()));
    open.stream()
        .filter(intent -> intent.kind() == Intent.Kind.SKIP)
        .forEach(intent -> lane.skipTo(intent.toEvent()));
    lane.open();
    open.forEach(intent -> carryOut(lane, intent));
    lane.skippedAll();
  }

  private void carryOut(Lane lane, Intent stored) {
    Intent intent = stored;
    List<UUID> slice = carryOutSlice(lane, intent);
    while (slice.size() == Intents.SLICE && lane.isOwned()) {
      intent = intent.at(slice.getLast());
      slice = carryOutSlice(lane, intent);
    }
  }

  private List<UUID> carryOutSlice(Lane lane, Intent intent) {
    List<UUID> slice =
        database.inTransaction(transaction ->
            Intents.carryOutSlice(
                transaction, lane.key(), intent, lane.inFlightEvents(), clock.instant()));
    if (intent.kind() == Intent.Kind.RETRY) {
      slice.forEach(event -> queue.find(lane.key(), event).ifPresent(lane::sendFirst));
    } else {
      lane.probe();
    }
    return slice;
  }
}
