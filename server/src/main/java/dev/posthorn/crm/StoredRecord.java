package dev.posthorn.crm;

import java.time.Instant;
import java.util.Set;

/** A row of a record's table. */
record StoredRecord(RecordKey key, RecordValues values, Instant createdAt, Instant updatedAt) {
  RecordType type() {
    return key.type();
  }

  /** The same record with other values. */
  StoredRecord with(RecordValues next, Instant now) {
    return new StoredRecord(key, next, createdAt, now);
  }

  /** Whether a reader would see anything else in the other values. */
  boolean differsFrom(RecordValues next) {
    return !type().fields().stream().allMatch(field -> field.isSame(values, next));
  }

  Set<References.Target> targets() {
    return References.targets(type(), key.accountId(), values);
  }
}
