package dev.posthorn.crm;

import dev.posthorn.http.Fields;
import java.util.ArrayList;
import java.util.List;

/** What a body does to a record, field by field. Creating is patching a record without values. */
final class RecordPatch {
  private final List<FieldChange<?>> changes;

  private record FieldChange<T>(RecordField<T> field, Change<T> change) {
    static <T> FieldChange<T> read(RecordField<T> field, Fields body, FieldType.Occasion occasion) {
      return new FieldChange<>(field, field.change(body, occasion));
    }

    void apply(RecordValues from, RecordValues.Builder to) {
      to.put(field, change.applyTo(from.get(field)));
    }
  }

  private RecordPatch(List<FieldChange<?>> changes) {
    this.changes = changes;
  }

  /** Reads every field and notes all faults; the patch is good for use once there are none. */
  static RecordPatch read(List<RecordField<?>> fields, Fields body, FieldType.Occasion occasion) {
    List<FieldChange<?>> changes = new ArrayList<>(fields.size());
    for (RecordField<?> field : fields) {
      changes.add(FieldChange.read(field, body, occasion));
    }
    return new RecordPatch(List.copyOf(changes));
  }

  RecordValues applyTo(RecordValues current) {
    RecordValues.Builder next = new RecordValues.Builder();
    changes.forEach(change -> change.apply(current, next));
    return next.build();
  }
}
