package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.load.Requests;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Publishes in bulk, past the API, what is to wait for webhooks that are disabled. */
final class Backlog {
  private static final int BATCH = 1_000;

  private final World world;
  private final List<Account> accounts;
  private final EngineClock clock;
  private final TimeOrderedIds ids;

  private Backlog(World world, List<Account> accounts) {
    this.world = world;
    this.accounts = accounts;
    this.clock = new EngineClock(world.storage().database().time(), System::nanoTime);
    this.ids = new TimeOrderedIds(clock, new SplittableRandom());
  }

  /** Stores events of these accounts in turn. */
  static void store(World world, List<Account> accounts, int events) {
    Backlog backlog = new Backlog(world, accounts);
    for (int stored = 0; stored < events; stored += BATCH) {
      backlog.publish(stored, Math.min(events, stored + BATCH));
    }
  }

  private void publish(int from, int to) {
    List<NewEvent> events = IntStream.range(from, to).mapToObj(this::event).toList();
    world.storage().database().inTransaction(transaction -> EventLog.publish(transaction, events));
  }

  private NewEvent event(int number) {
    long account = accounts.get(number % accounts.size()).id();
    Instant now = clock.instant();
    return new NewEvent(account, ids.next(), Account.EVENT_TYPE, null, Requests.payload(), now);
  }
}
