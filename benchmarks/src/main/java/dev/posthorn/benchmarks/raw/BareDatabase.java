package dev.posthorn.benchmarks.raw;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.delivery.BareSettle;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The database alone: the publishing statement and the recording ones, one after the other, on one
 * connection each, with nothing in between.
 */
public final class BareDatabase {
  private static final byte[] PAYLOAD =
      ("{\"t\":\"0000000000000000\",\"pad\":\"" + "x".repeat(95) + "\"}").getBytes(US_ASCII);

  private final Database api;
  private final Database engine;
  private final List<Long> accounts;
  private final EngineClock clock;
  private final TimeOrderedIds ids;
  private final BareSettle recorder;

  /**
   * @param api as the API's connections are set up
   * @param engine as the engine's are
   * @param accounts with a webhook each
   */
  public BareDatabase(Database api, Database engine, List<Long> accounts) {
    this.api = api;
    this.engine = engine;
    this.accounts = accounts;
    this.clock = new EngineClock(api.time(), System::nanoTime);
    RandomGenerator random = new SplittableRandom(42);
    this.ids = new TimeOrderedIds(clock, random);
    this.recorder = new BareSettle(ids);
  }

  /** Publishes a batch and settles what it became. */
  public void cycle(int events) {
    Instant now = clock.instant();
    List<NewEvent> batch =
        IntStream.range(0, events)
            .mapToObj(i ->
                new NewEvent(
                    accounts.get(i % accounts.size()),
                    ids.next(),
                    "bench.happened",
                    null,
                    PAYLOAD,
                    now))
            .toList();
    List<PublishedEvent> published =
        api.inTransaction(transaction -> EventLog.publish(transaction, batch));
    engine.inTransaction(transaction -> {
      recorder.settle(transaction, published, clock.instant());
      return null;
    });
  }
}
