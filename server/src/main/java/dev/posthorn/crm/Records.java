package dev.posthorn.crm;

import dev.posthorn.db.Database;
import dev.posthorn.db.GroupCommit;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.Handover;
import dev.posthorn.event.PublishedEvent;
import dev.posthorn.event.RecordPayload;
import dev.posthorn.http.Fault;
import dev.posthorn.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * The contacts, companies and opportunities of all accounts. What is changed here is published: the
 * record, its event and the deliveries are committed together, then handed over.
 *
 * <p>Safe for use by many threads. Creations of many callers share transactions.
 */
public final class Records implements AutoCloseable {
  private static final GroupCommit.Settings GROUPS =
      new GroupCommit.Settings("records", 500, 2, Duration.ofMillis(5), false);

  private final Database database;
  private final RecordEvents events;
  private final Handover handover;
  private final RecordTables tables = new RecordTables();
  private final GroupCommit<Creation, Creation.Result> creations;

  /** A page of a list, and how many records all of its pages have. */
  record Listed(List<RecordView> views, long total) {}

  /** A record as it is after an update, and the event of that, if it changed anything. */
  private record Updated(RecordView view, Optional<PublishedEvent> event) {}

  public Records(Database database, RecordEvents events, Handover handover) {
    this.database = database;
    this.events = events;
    this.handover = handover;
    this.creations = new GroupCommit<>(database, GROUPS, new Creations(tables, events, handover));
  }

  /** How records are addressed. */
  RecordPayload payload() {
    return events.payload();
  }

  /**
   * Returns once the record and its event are committed.
   *
   * @throws dev.posthorn.http.ProblemException 422 when it is not valid, or refers to what does not
   *     exist
   */
  RecordView create(Creation creation) {
    requireNone(creation.type().faults(creation.values()));
    return switch (Races.settled(() -> creations.submit(creation))) {
      case Creation.Created created -> created.view();
      case Creation.Refused refused -> throw Problem.invalid(refused.faults()).exception();
    };
  }

  Optional<RecordView> find(RecordKey key) {
    return database.withHandle(
        handle -> table(key).find(handle, key).map(one -> view(handle, one)));
  }

  Listed list(RecordType type, long accountId, Selection selection) {
    RecordTable table = tables.of(type.kind());
    return database.withHandle(handle -> {
      List<StoredRecord> found = table.list(handle, accountId, selection);
      References references = References.of(handle, found);
      List<RecordView> views = found.stream().map(one -> new RecordView(one, references)).toList();
      return new Listed(views, table.count(handle, accountId, selection));
    });
  }

  /**
   * Applies a patch to the stored record. One that changes nothing writes and publishes nothing.
   *
   * @param precondition sees the record before it is changed, while nobody else can change it, and
   *     may throw
   * @return empty when there is no such record
   * @throws dev.posthorn.http.ProblemException 422 when the record would not be valid, or would
   *     refer to what does not exist
   */
  Optional<RecordView> update(RecordKey key, RecordPatch patch, Consumer<RecordView> precondition) {
    Optional<Updated> updated =
        Races.settled(() ->
            database.inTransaction(transaction ->
                table(key)
                    .lock(transaction, key)
                    .map(current -> update(transaction, current, patch, precondition))));
    updated.flatMap(Updated::event).ifPresent(event -> handover.published(List.of(event)));
    return updated.map(Updated::view);
  }

  /**
   * Deletes a record; what refers to it loses the reference. Publishes nothing.
   *
   * @param precondition as in {@link #update}
   * @return whether there was such a record
   */
  boolean delete(RecordKey key, Consumer<RecordView> precondition) {
    return Races.settled(() ->
        database.inTransaction(transaction -> {
          Optional<StoredRecord> current = table(key).lock(transaction, key);
          current.ifPresent(one -> {
            precondition.accept(view(transaction, one));
            tables.forget(transaction, key);
            table(key).delete(transaction, key);
          });
          return current.isPresent();
        }));
  }

  /** Commits the creations that are under way and refuses further ones. */
  @Override
  public void close() {
    creations.close();
  }

  private Updated update(
      Handle transaction,
      StoredRecord current,
      RecordPatch patch,
      Consumer<RecordView> precondition) {
    StoredRecord next = current.with(patch.applyTo(current.values()), events.now());
    References references = References.of(transaction, List.of(current, next));
    precondition.accept(new RecordView(current, references));
    requireNone(faults(current, next, references));
    if (!current.differsFrom(next.values())) {
      return new Updated(new RecordView(current, references), Optional.empty());
    }
    table(current.key()).update(transaction, next);
    List<PublishedEvent> published = EventLog.publish(transaction, List.of(events.updated(next)));
    return new Updated(new RecordView(next, references), Optional.of(published.getFirst()));
  }

  private static List<Fault> faults(
      StoredRecord current, StoredRecord next, References references) {
    List<Fault> faults = new ArrayList<>(next.type().faults(next.values()));
    faults.addAll(
        references.faults(next.type(), next.key().accountId(), current.values(), next.values()));
    return faults;
  }

  private static void requireNone(List<Fault> faults) {
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults).exception();
    }
  }

  private RecordTable table(RecordKey key) {
    return tables.of(key.type().kind());
  }

  private static RecordView view(Handle handle, StoredRecord one) {
    return new RecordView(one, References.of(handle, List.of(one)));
  }
}
