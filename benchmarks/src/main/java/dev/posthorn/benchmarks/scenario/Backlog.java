package dev.posthorn.benchmarks.scenario;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import java.util.List;
import java.util.SplittableRandom;

/** Publishes in bulk, past the API, what is to wait for webhooks that are disabled. */
final class Backlog {
  private static final int BATCH = 1_000;

  private Backlog() {}

  /** Stores events of these accounts in turn. */
  static void store(World world, List<Account> accounts, int events) {
    Database database = world.storage().database();
    EngineClock clock = new EngineClock(database.time(), System::nanoTime);
    List<Long> ids = accounts.stream().map(Account::id).toList();
    EventSource source =
        new EventSource(ids, clock, new TimeOrderedIds(clock, new SplittableRandom()));
    for (int left = events; left > 0; left -= BATCH) {
      List<NewEvent> batch = source.next(Math.min(left, BATCH));
      database.inTransaction(transaction -> EventLog.publish(transaction, batch));
    }
  }
}
