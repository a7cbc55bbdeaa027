package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.Json;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types of single values that a record's fields have. */
final class FieldTypes {
  private FieldTypes() {}

  /**
   * Text.
   *
   * @param reader finds it in a body, by its rules
   */
  record Text(Reader reader, @Nullable String initial) implements FieldType<String> {

    /** Finds the text and notes what is wrong with it. */
    interface Reader {
      Field<String> read(Fields body, String name, Occasion occasion);
    }

    /**
     * Text that may be absent.
     *
     * @param longest in UTF-16 units
     * @param rule what it has to be besides
     */
    static Text optional(int longest, Function<String, Field.Result<String>> rule) {
      return new Text((body, name, occasion) -> body.text(name, longest).convert(rule), null);
    }

    /** Text that every record has, and that is not blank. */
    static Text required(int longest) {
      return new Text(
          (body, name, occasion) -> {
            Field<String> sent = body.text(name, longest).convert(TextRules::notBlank);
            return switch (occasion) {
              case CREATE -> sent.required();
              case PATCH -> sent.notNull();
            };
          },
          null);
    }

    /** One of a closed list; never absent. */
    static Text oneOf(List<String> choices, String initial) {
      return new Text((body, name, occasion) -> body.oneOf(name, choices), initial);
    }

    @Override
    public Change<String> change(Fields body, String name, Occasion occasion) {
      return Change.replacing(reader.read(body, name, occasion), initial);
    }

    @Override
    public @Nullable String stored(ResultSet row, String column) throws SQLException {
      return row.getString(column);
    }

    @Override
    public JsonNode json(String value) {
      return TextNode.valueOf(value);
    }
  }

  /** The id of another record or of a member. */
  record Id() implements FieldType<Long> {
    @Override
    public Change<Long> change(Fields body, String name, Occasion occasion) {
      return Change.replacing(body.id(name), null);
    }

    @Override
    public @Nullable Long stored(ResultSet row, String column) throws SQLException {
      return row.getObject(column, Long.class);
    }

    @Override
    public JsonNode json(Long value) {
      return LongNode.valueOf(value);
    }
  }

  /** An exact number. */
  record Decimal(
      BiFunction<Fields, String, Field<BigDecimal>> reader, Function<BigDecimal, JsonNode> shown)
      implements FieldType<BigDecimal> {

    /** A JSON number, both ends of the range included. */
    static Decimal number(BigDecimal least, BigDecimal most) {
      return new Decimal((body, name) -> body.number(name, least, most), DecimalNode::valueOf);
    }

    /** A decimal in a string, exact for every reader. */
    static Decimal inText() {
      return new Decimal(Fields::decimalText, decimal -> TextNode.valueOf(decimal.toPlainString()));
    }

    @Override
    public Change<BigDecimal> change(Fields body, String name, Occasion occasion) {
      return Change.replacing(reader.apply(body, name).convert(Decimal::asItIsKept), null);
    }

    /** PostgreSQL gives 1e3 back as 1000: so that a create's answer is what a read shows. */
    private static Field.Result<BigDecimal> asItIsKept(BigDecimal number) {
      return new Field.Result.Kept<>(number.scale() < 0 ? number.setScale(0) : number);
    }

    @Override
    public @Nullable BigDecimal stored(ResultSet row, String column) throws SQLException {
      return row.getBigDecimal(column);
    }

    @Override
    public JsonNode json(BigDecimal value) {
      return shown.apply(value);
    }

    @Override
    public boolean same(BigDecimal one, BigDecimal other) {
      return one.compareTo(other) == 0;
    }
  }

  /** A day of the calendar. */
  record Date() implements FieldType<LocalDate> {
    @Override
    public Change<LocalDate> change(Fields body, String name, Occasion occasion) {
      return Change.replacing(body.date(name), null);
    }

    @Override
    public @Nullable LocalDate stored(ResultSet row, String column) throws SQLException {
      return row.getObject(column, LocalDate.class);
    }

    @Override
    public JsonNode json(LocalDate value) {
      return TextNode.valueOf(value.toString());
    }
  }

  /** A list of texts, none of them blank; never absent. */
  record Texts(int mostItems, int longest) implements FieldType<List<String>> {
    @Override
    public Change<List<String>> change(Fields body, String name, Occasion occasion) {
      return Change.replacing(
          body.texts(name, mostItems, longest).convert(TextRules::noneBlank), initial());
    }

    @Override
    public @Nullable List<String> stored(ResultSet row, String column) throws SQLException {
      Array array = row.getArray(column);
      return array == null ? null : List.of((String[]) array.getArray());
    }

    @Override
    public JsonNode json(List<String> value) {
      ArrayNode array = Json.array();
      value.forEach(array::add);
      return array;
    }

    @Override
    public List<String> initial() {
      return List.of();
    }
  }
}
