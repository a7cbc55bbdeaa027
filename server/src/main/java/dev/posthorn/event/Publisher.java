package dev.posthorn.event;

import dev.posthorn.db.Database;
import dev.posthorn.db.GroupCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Publishes events of many callers in one transaction, and hands them over once they are committed.
 *
 * <p>The events of one call are stored all or none.
 */
public final class Publisher implements AutoCloseable {
  private static final int MAX_EVENTS = 1_000;
  private static final int COMMITTERS = 2;

  /** What a caller waits for the sake of others at the most, and only under load. */
  private static final Duration LINGER = Duration.ofMillis(5);

  private final GroupCommit<List<NewEvent>, List<PublishedEvent>> commits;

  public Publisher(Database database, Handover handover) {
    this.commits =
        new GroupCommit<>(
            database,
            new GroupCommit.Settings("publisher", MAX_EVENTS, COMMITTERS, LINGER, false),
            new Batch(handover));
  }

  /**
   * Returns once the events are committed.
   *
   * @return in the order of the events
   * @throws RuntimeException when they are not stored, or, if the database is away, when that is
   *     not known
   */
  public List<PublishedEvent> publish(List<NewEvent> events) {
    return commits.submit(events);
  }

  @Override
  public void close() {
    commits.close();
  }

  private record Batch(Handover handover)
      implements GroupCommit.Work<List<NewEvent>, List<PublishedEvent>> {
    @Override
    public int weight(List<NewEvent> events) {
      return events.size();
    }

    @Override
    public List<List<PublishedEvent>> write(Handle transaction, List<List<NewEvent>> calls) {
      List<PublishedEvent> published =
          EventLog.publish(transaction, calls.stream().flatMap(List::stream).toList());
      List<List<PublishedEvent>> byCall = new ArrayList<>(calls.size());
      int start = 0;
      for (List<NewEvent> call : calls) {
        byCall.add(published.subList(start, start + call.size()));
        start += call.size();
      }
      return byCall;
    }

    @Override
    public void committed(List<List<PublishedEvent>> calls) {
      handover.published(calls.stream().flatMap(List::stream).toList());
    }
  }
}
