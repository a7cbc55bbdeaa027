package dev.posthorn.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Faults;
import dev.posthorn.http.Shown;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes events of what an application sent, by the rules of their types. */
public final class EventMaker {
  private final TypeCatalog catalog;
  private final RecordPayload recordPayload;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /**
   * @param ids and {@code clock}: the engine's
   */
  public EventMaker(
      TypeCatalog catalog, RecordPayload recordPayload, TimeOrderedIds ids, InstantSource clock) {
    this.catalog = catalog;
    this.recordPayload = recordPayload;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * The events, in order.
   *
   * @param faults where to note what breaks a rule; what is returned is then not to be published
   */
  List<NewEvent> make(long accountId, List<EventReader.Draft> drafts, Faults faults) {
    Set<String> names =
        drafts.stream().flatMap(draft -> draft.type().stream()).collect(Collectors.toSet());
    Map<String, TypeCatalog.Found> types = catalog.find(accountId, names);
    Instant now = clock.instant();
    List<NewEvent> events = new ArrayList<>(drafts.size());
    for (EventReader.Draft draft : drafts) {
      if (draft.type().isPresent()) {
        String type = draft.type().get();
        payload(draft, type, types.getOrDefault(type, new TypeCatalog.Unknown()), faults)
            .ifPresent(bytes ->
                events.add(
                    new NewEvent(
                        accountId, ids.next(), type, draft.recordId().orElse(null), bytes, now)));
      }
    }
    return events;
  }

  private Optional<byte[]> payload(
      EventReader.Draft draft, String type, TypeCatalog.Found found, Faults faults) {
    return switch (found) {
      case TypeCatalog.BuiltIn(BuiltInType builtIn) -> builtIn(draft, builtIn, faults);
      case TypeCatalog.Own(Optional<PayloadSchema> schema) -> own(draft, schema, faults);
      case TypeCatalog.Archived() -> {
        String why = draft.at() + ".type is archived: \"" + Shown.value(type) + "\".";
        faults.add(draft.at() + ".type", "archived_event_type", why);
        yield Optional.empty();
      }
      case TypeCatalog.Unknown() -> {
        String why = draft.at() + ".type is no event type here: \"" + Shown.value(type) + "\".";
        faults.add(draft.at() + ".type", "unknown_event_type", why);
        yield Optional.empty();
      }
    };
  }

  private Optional<byte[]> builtIn(EventReader.Draft draft, BuiltInType type, Faults faults) {
    if (draft.hasPayload()) {
      String at = draft.at() + ".payload";
      faults.add(at, "not_allowed", at + " is made of record_id for " + type.text() + ".");
    }
    if (!draft.hasRecordId()) {
      String at = draft.at() + ".record_id";
      faults.add(at, "required", at + " is required for " + type.text() + ".");
    }
    return draft.recordId().map(id -> recordPayload.bytes(type.kind(), id));
  }

  private static Optional<byte[]> own(
      EventReader.Draft draft, Optional<PayloadSchema> schema, Faults faults) {
    String at = draft.at() + ".payload";
    if (draft.hasRecordId()) {
      String recordAt = draft.at() + ".record_id";
      faults.add(recordAt, "not_allowed", recordAt + " is only for built-in event types.");
    }
    if (!draft.hasPayload()) {
      faults.add(at, "required", at + " is required.");
    }
    if (schema.isPresent() && draft.payload().isPresent()) {
      JsonNode payload = SentJson.tree(draft.payload().get());
      schema
          .get()
          .faults(payload, at)
          .forEach(fault -> faults.add(fault.field(), fault.code(), fault.message()));
    }
    return draft.payload();
  }
}
