package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.Fields;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One type of value: how it comes out of a body and out of a row, and how it is shown. {@link
 * FieldTypes} has them.
 */
interface FieldType<T> {

  /** What a body is for: a required field may be left out of a patch, and cannot be cleared. */
  enum Occasion {
    CREATE,
    PATCH
  }

  /** Finds the field in a body, notes its faults, and tells what the body does to it. */
  Change<T> change(Fields body, String name, Occasion occasion);

  /** Finds the field in a row; absent when the column is null. */
  @Nullable T stored(ResultSet row, String column) throws SQLException;

  /** As it is shown, and as it is sent to the database, which reads it as its column's type. */
  JsonNode json(T value);

  /**
   * Whether two values are the same to a reader, so that one in place of the other is no change.
   */
  default boolean same(T one, T other) {
    return one.equals(other);
  }

  /** The value of a record that is created without one, and what null sets it back to. */
  default @Nullable T initial() {
    return null;
  }
}
