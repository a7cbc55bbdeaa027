package dev.posthorn.crm;

import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.BuiltInType;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.RecordPayload;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * What records say when they change, and when that is.
 *
 * @param clock the engine's, which also stamps the records
 * @param ids on the same clock
 */
public record RecordEvents(RecordPayload payload, InstantSource clock, TimeOrderedIds ids) {

  /** The time to the microsecond, which is what PostgreSQL keeps. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  NewEvent created(StoredRecord one) {
    return event(one, one.type().kind().created(), one.createdAt());
  }

  NewEvent updated(StoredRecord one) {
    return event(one, one.type().kind().updated(), one.updatedAt());
  }

  private NewEvent event(StoredRecord one, BuiltInType type, Instant at) {
    byte[] bytes = payload.bytes(type.kind(), one.key().id());
    return new NewEvent(one.key().accountId(), ids.next(), type.text(), one.key().id(), bytes, at);
  }
}
