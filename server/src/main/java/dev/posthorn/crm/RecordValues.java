package dev.posthorn.crm;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one record's fields. Immutable; each has the type that its field says. */
final class RecordValues {
  private final Map<RecordField<?>, Object> values;

  private RecordValues(Map<RecordField<?>, Object> values) {
    this.values = values;
  }

  /** Of a record that nothing is known of yet. */
  static RecordValues initial(List<RecordField<?>> fields) {
    Builder values = new Builder();
    for (RecordField<?> field : fields) {
      values.putInitial(field);
    }
    return values.build();
  }

  /** Of a row with a column for each field. */
  static RecordValues stored(List<RecordField<?>> fields, ResultSet row) throws SQLException {
    Builder values = new Builder();
    for (RecordField<?> field : fields) {
      values.putStored(field, row);
    }
    return values.build();
  }

  /** The value of a field; absent when it has none. */
  @SuppressWarnings("unchecked") // the builder puts only what the field's own type made
  <T> @Nullable T get(RecordField<T> field) {
    return (T) values.get(field);
  }

  static final class Builder {
    private final Map<RecordField<?>, Object> values = new HashMap<>();

    <T> void put(RecordField<T> field, @Nullable T value) {
      if (value != null) {
        values.put(field, value);
      }
    }

    RecordValues build() {
      return new RecordValues(Map.copyOf(values));
    }

    private <T> void putInitial(RecordField<T> field) {
      put(field, field.initial());
    }

    private <T> void putStored(RecordField<T> field, ResultSet row) throws SQLException {
      put(field, field.stored(row));
    }
  }
}
