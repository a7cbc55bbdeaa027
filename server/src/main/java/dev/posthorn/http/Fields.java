package dev.posthorn.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The fields of one JSON object. Each getter notes its faults and goes on, so that the caller
 * learns of all of them at once; a field that no getter has asked for is a fault in the end, which
 * is how unknown and read-only fields are refused.
 */
public final class Fields {
  private final ObjectNode object;
  private final String path;
  private final Faults faults;
  private final Set<String> read = new HashSet<>();
  private final List<Fields> inner = new ArrayList<>(0);

  Fields(ObjectNode object, String path, Faults faults) {
    this.object = object;
    this.path = path;
    this.faults = faults;
  }

  /** Text of at most so many characters (UTF-16 units); may be empty. */
  public Field<String> text(String name, int longest) {
    return typed(name, (node, at) -> Values.text(node, at, longest, faults));
  }

  /** The same for what must not be repeated in messages. */
  public Field<String> secretText(String name, int longest) {
    return typed(name, (node, at) -> Values.secretText(node, at, longest, faults));
  }

  /** One of the given texts; case counts. */
  public Field<String> oneOf(String name, List<String> choices) {
    return typed(name, (node, at) -> Values.oneOf(node, at, choices, faults));
  }

  /**
   * A whole number within the range, both ends included; {@code 3.0} is one, {@code "3"} is not.
   */
  public Field<Long> integer(String name, long least, long most) {
    return typed(name, (node, at) -> Values.integer(node, at, least, most, faults));
  }

  /** The id of a record: 1 to 2⁶³−1. Whether it exists is for the feature to find out. */
  public Field<Long> id(String name) {
    return integer(name, 1, Long.MAX_VALUE);
  }

  /** A JSON number within the range, both ends included, exact as it was written. */
  public Field<BigDecimal> number(String name, BigDecimal least, BigDecimal most) {
    return typed(name, (node, at) -> Values.number(node, at, least, most, faults));
  }

  /** A decimal in a string, {@code "1250.50"}: up to 15 digits before the point and 4 after it. */
  public Field<BigDecimal> decimalText(String name) {
    return typed(name, (node, at) -> Values.decimalText(node, at, faults));
  }

  public Field<Boolean> bool(String name) {
    return typed(name, (node, at) -> Values.bool(node, at, faults));
  }

  /** {@code YYYY-MM-DD}, years 0001 to 9999. */
  public Field<LocalDate> date(String name) {
    return typed(name, (node, at) -> Values.date(node, at, faults));
  }

  /** RFC 3339 with an offset or {@code Z}, to the microsecond; years 0001 to 9999. */
  public Field<Instant> instant(String name) {
    return typed(name, (node, at) -> Values.instant(node, at, faults));
  }

  /** A list of texts, of at most so many items of at most so many characters; may be empty. */
  public Field<List<String>> texts(String name, int mostItems, int longest) {
    return typed(name, (node, at) -> Values.texts(node, at, mostItems, longest, faults));
  }

  /** Any JSON object, kept as it is, such as custom fields. */
  public Field<ObjectNode> anyObject(String name) {
    return typed(name, (node, at) -> Values.anyObject(node, at, faults));
  }

  /** Any JSON value at all, null included: {@link Field#isNull} then says so. */
  public Field<JsonNode> any(String name) {
    return typed(name, (node, at) -> Field.of(at, faults, node));
  }

  /** Whether the object names the field, with a value or with null. */
  public boolean has(String name) {
    return object.has(name);
  }

  /**
   * An object whose fields are read by the same rules; empty when absent, null or, with its fault
   * noted, something else. Which of the three {@link #has} and the faults tell.
   */
  public Optional<Fields> object(String name) {
    return object(name, false);
  }

  Optional<Fields> object(String name, boolean required) {
    Field<ObjectNode> field = anyObject(name);
    if (required) {
      field = field.required();
    }
    Optional<Fields> fields = field.value().map(node -> new Fields(node, at(name), faults));
    fields.ifPresent(inner::add);
    return fields;
  }

  /** The objects in a list, at most so many; empty when absent, null or faulty. */
  public List<Fields> objects(String name, int mostItems) {
    Field<List<ObjectNode>> field =
        typed(name, (node, at) -> Values.objects(node, at, mostItems, faults));
    List<Fields> found = new ArrayList<>();
    for (ObjectNode node : field.or(List.of())) {
      found.add(new Fields(node, at(name) + '[' + found.size() + ']', faults));
    }
    inner.addAll(found);
    return List.copyOf(found);
  }

  /** Notes a fault of a field, found by a rule of the feature's own. */
  public void refuse(String name, String code, String message) {
    faults.add(at(name), code, message);
  }

  /** The path of a field, as faults name it: {@code webhook.url}. */
  public String at(String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  void refuseUnread() {
    for (var field : object.properties()) {
      if (!read.contains(field.getKey())) {
        String at = Shown.name(at(field.getKey()));
        faults.add(at, "unknown_field", at + " is not a field that can be set here.");
      }
    }
    inner.forEach(Fields::refuseUnread);
  }

  private <T> Field<T> typed(String name, BiFunction<JsonNode, String, Field<T>> type) {
    read.add(name);
    JsonNode node = object.get(name);
    if (node == null) {
      return Field.absent(at(name), faults);
    }
    return node.isNull() ? Field.ofNull(at(name), faults) : type.apply(node, at(name));
  }
}
