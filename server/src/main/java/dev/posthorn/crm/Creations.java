package dev.posthorn.crm;

import static java.util.Objects.requireNonNull;

import dev.posthorn.db.GroupCommit;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.Handover;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import dev.posthorn.event.RecordKind;
import dev.posthorn.http.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Many creations in one transaction: the records, their events and the deliveries. */
final class Creations implements GroupCommit.Work<Creation, Creation.Result> {
  private static final int BYTES_OF_A_ROW = 16 * 1024;

  private final RecordTables tables;
  private final RecordEvents events;
  private final Handover handover;

  Creations(RecordTables tables, RecordEvents events, Handover handover) {
    this.tables = tables;
    this.events = events;
    this.handover = handover;
  }

  /** Large ones count for more, so that a batch of them fits into memory. */
  @Override
  public int weight(Creation creation) {
    return 1 + creation.bodyBytes() / BYTES_OF_A_ROW;
  }

  @Override
  public List<Creation.Result> write(Handle transaction, List<Creation> creations) {
    References references = References.find(transaction, targets(creations));
    List<List<Fault>> faults = creations.stream().map(one -> faults(one, references)).toList();
    List<Creation> sound = new ArrayList<>(creations.size());
    for (int i = 0; i < creations.size(); i++) {
      if (faults.get(i).isEmpty()) {
        sound.add(creations.get(i));
      }
    }
    Iterator<Creation.Result> created = create(transaction, sound, references).iterator();
    return faults.stream()
        .map(one -> one.isEmpty() ? created.next() : new Creation.Refused(one))
        .toList();
  }

  @Override
  public void committed(List<Creation.Result> results) {
    List<PublishedEvent> published = new ArrayList<>(results.size());
    for (Creation.Result result : results) {
      switch (result) {
        case Creation.Created created -> published.add(created.event());
        case Creation.Refused refused -> {}
      }
    }
    if (!published.isEmpty()) {
      handover.published(published);
    }
  }

  private List<Creation.Result> create(
      Handle transaction, List<Creation> creations, References references) {
    List<StoredRecord> records = numbered(transaction, creations);
    Map<RecordKind, List<StoredRecord>> byKind = new EnumMap<>(RecordKind.class);
    records.forEach(
        one -> byKind.computeIfAbsent(one.type().kind(), kind -> new ArrayList<>()).add(one));
    byKind.forEach((kind, rows) -> tables.of(kind).insert(transaction, rows));
    List<NewEvent> created = records.stream().map(events::created).toList();
    List<PublishedEvent> published = EventLog.publish(transaction, created);
    List<Creation.Result> results = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      RecordView view = new RecordView(records.get(i), references);
      results.add(new Creation.Created(view, published.get(i)));
    }
    return results;
  }

  private List<StoredRecord> numbered(Handle transaction, List<Creation> creations) {
    Map<RecordKind, Integer> counts = new EnumMap<>(RecordKind.class);
    creations.forEach(one -> counts.merge(one.type().kind(), 1, Integer::sum));
    Map<RecordKind, Iterator<Long>> ids = new EnumMap<>(RecordKind.class);
    counts.forEach(
        (kind, count) -> ids.put(kind, tables.of(kind).takeIds(transaction, count).iterator()));
    Instant now = events.now();
    return creations.stream().map(one -> record(one, ids, now)).toList();
  }

  private static StoredRecord record(
      Creation one, Map<RecordKind, Iterator<Long>> ids, Instant now) {
    long id = requireNonNull(ids.get(one.type().kind())).next();
    RecordKey key = new RecordKey(one.type(), one.accountId(), id);
    return new StoredRecord(key, one.values(), now, now);
  }

  private static Set<References.Target> targets(List<Creation> creations) {
    Set<References.Target> targets = new HashSet<>();
    creations.forEach(
        one -> targets.addAll(References.targets(one.type(), one.accountId(), one.values())));
    return targets;
  }

  private static List<Fault> faults(Creation one, References references) {
    RecordValues nothing = RecordValues.initial(one.type().fields());
    return references.faults(one.type(), one.accountId(), nothing, one.values());
  }
}
