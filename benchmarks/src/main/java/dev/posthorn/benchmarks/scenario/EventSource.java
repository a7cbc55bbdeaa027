package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.load.Requests;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.NewEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/** Makes events such as the generator publishes, for what publishes past the API. */
public final class EventSource {
  private final List<Long> accounts;
  private final InstantSource clock;
  private final TimeOrderedIds ids;
  private int made;

  /**
   * @param accounts which take turns
   * @param clock the engine's, and so are the ids
   */
  public EventSource(List<Long> accounts, InstantSource clock, TimeOrderedIds ids) {
    this.accounts = List.copyOf(accounts);
    this.clock = clock;
    this.ids = ids;
  }

  /** So many of them, all of this moment. */
  public List<NewEvent> next(int count) {
    Instant now = clock.instant();
    return IntStream.range(0, count).mapToObj(number -> one(now)).toList();
  }

  private NewEvent one(Instant now) {
    long account = accounts.get(made++ % accounts.size());
    return new NewEvent(account, ids.next(), Account.EVENT_TYPE, null, Requests.payload(), now);
  }
}
