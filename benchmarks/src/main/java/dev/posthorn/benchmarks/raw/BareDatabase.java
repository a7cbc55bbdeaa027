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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * The database alone: the publishing statement and the recording ones, one after the other, on one
 * connection each, with nothing in between; two such loops at once.
 *
 * <p>The first command is a {@link Plan}; each further one is a number of seconds, its answer how
 * many events were published and settled in that time.
 */
final class BareDatabase {
  private static final int LOOPS = 2;

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
   * @param number of this loop
   */
  private BareDatabase(Database api, Database engine, List<Long> accounts, int number) {
    this.api = api;
    this.engine = engine;
    this.clock = new EngineClock(api.time(), System::nanoTime);
    TimeOrderedIds ids = new TimeOrderedIds(clock, new SplittableRandom(number));
    this.source = new EventSource(accounts, clock, ids);
    this.recorder = new BareSettle(ids);
  }

  public static void main(String[] args) throws InterruptedException {
    Commands commands = Commands.listen();
    Plan plan = commands.take(Plan.class);
    try (Database api = Database.open(plan.address(), LOOPS);
        Database engine = Database.openForEngine(plan.address(), LOOPS);
        ExecutorService threads = Executors.newFixedThreadPool(LOOPS)) {
      List<BareDatabase> loops =
          IntStream.range(0, LOOPS)
              .mapToObj(number -> new BareDatabase(api, engine, plan.accounts(), number))
              .toList();
      while (true) {
        long until = System.nanoTime() + (long) (commands.take(Double.class) * 1e9);
        List<Callable<Long>> work =
            loops.stream()
                .<Callable<Long>>map(loop -> () -> loop.cycles(plan.batch(), until))
                .toList();
        Commands.answer(threads.invokeAll(work).stream().mapToLong(Future::resultNow).sum());
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
