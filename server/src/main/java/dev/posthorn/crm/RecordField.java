package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Fields;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One field of a kind of record: the one place that says what it is called, in JSON and as a
 * column, and what it may hold. Compared by identity: a field is a constant of its kind.
 */
final class RecordField<T> {
  private final String name;
  private final FieldType<T> type;

  RecordField(String name, FieldType<T> type) {
    this.name = name;
    this.type = type;
  }

  /** Text that may be absent. */
  static RecordField<String> text(String name, int longest) {
    return new RecordField<>(name, FieldTypes.Text.optional(longest, TextRules::any));
  }

  /** An address on the web. */
  static RecordField<String> webAddress(String name) {
    return new RecordField<>(name, FieldTypes.Text.optional(2_048, TextRules::webAddress));
  }

  static RecordField<LocalDate> date(String name) {
    return new RecordField<>(name, new FieldTypes.Date());
  }

  /** A JSON number from 0 on. */
  static RecordField<BigDecimal> number(String name, BigDecimal most) {
    return new RecordField<>(name, FieldTypes.Decimal.number(BigDecimal.ZERO, most));
  }

  /** Where something is. */
  static RecordField<ObjectNode> address() {
    List<RecordField<String>> members =
        List.of(
            text("street_address", 255),
            text("street_address2", 255),
            text("city", 255),
            text("state", 255),
            text("zip", 20),
            new RecordField<>("country", FieldTypes.Text.optional(2, TextRules::country)));
    return new RecordField<>("address", new ObjectTypes.Texts(members));
  }

  String name() {
    return name;
  }

  Change<T> change(Fields body, FieldType.Occasion occasion) {
    return type.change(body, name, occasion);
  }

  @Nullable T stored(ResultSet row) throws SQLException {
    return type.stored(row, name);
  }

  @Nullable T initial() {
    return type.initial();
  }

  JsonNode json(RecordValues values) {
    T value = values.get(this);
    return value == null ? NullNode.instance : type.json(value);
  }

  boolean isSame(RecordValues one, RecordValues other) {
    T before = one.get(this);
    T after = other.get(this);
    if (before == null || after == null) {
      return Objects.equals(before, after);
    }
    return type.same(before, after);
  }

  @Override
  public String toString() {
    return name;
  }
}
