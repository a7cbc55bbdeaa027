package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Commands;
import dev.posthorn.benchmarks.scenario.EventSource;
import dev.posthorn.db.Database;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Secret;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.delivery.BareSettle;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The database alone: the publishing statement and the recording ones, one after the other, on one
 * connection each, with nothing in between.
 *
 * <p>The first command is a {@link Plan}; each further one is a number of seconds, its answer how
 * many events were published and settled in that time.
 */
final class BareDatabase {
  private final Database api;
  private final Database engine;
  private final EngineClock clock;
  private final EventSource source;
  private final BareSettle recorder;

  /**
   * What to work on.
   *
   * @param accounts with a disabled webhook each
   * @param batch events a transaction
   */
  record Plan(String jdbcUrl, String user, String password, List<Long> accounts, int batch) {
    DatabaseAddress address() {
      return new DatabaseAddress(jdbcUrl, user, new Secret(password));
    }
  }

  /**
   * @param api as the API's connections are set up
   * @param engine as the engine's are
   * @param accounts with a webhook each
   */
  private BareDatabase(Database api, Database engine, List<Long> accounts) {
    this.api = api;
    this.engine = engine;
    this.clock = new EngineClock(api.time(), System::nanoTime);
    TimeOrderedIds ids = new TimeOrderedIds(clock, new SplittableRandom(42));
    this.source = new EventSource(accounts, clock, ids);
    this.recorder = new BareSettle(ids);
  }

  public static void main(String[] args) throws InterruptedException {
    Commands commands = Commands.listen();
    Plan plan = commands.take(Plan.class);
    try (Database api = Database.open(plan.address(), 1);
        Database engine = Database.openForEngine(plan.address(), 1)) {
      BareDatabase bare = new BareDatabase(api, engine, plan.accounts());
      while (true) {
        double seconds = commands.take(Double.class);
        Commands.answer(bare.cycles(plan.batch(), System.nanoTime() + (long) (seconds * 1e9)));
      }
    }
  }

  private long cycles(int batch, long until) {
    long events = 0;
    for (; System.nanoTime() < until; events += batch) {
      cycle(batch);
    }
    return events;
  }

  /** Publishes a batch and settles what it became. */
  private void cycle(int events) {
    List<NewEvent> batch = source.next(events);
    List<PublishedEvent> published =
        api.inTransaction(transaction -> EventLog.publish(transaction, batch));
    engine.inTransaction(transaction -> {
      recorder.settle(transaction, published, clock.instant());
      return null;
    });
  }
}
