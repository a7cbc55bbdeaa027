package dev.posthorn.crm;

import dev.posthorn.http.Query;
import java.util.List;
import java.util.Optional;

/**
 * A query parameter that narrows a list.
 *
 * @param condition on the value as {@code :<name>}
 * @param value finds the parameter and notes what is wrong with it
 */
record Filter(String name, String condition, Value value) {
  private static final int LONGEST = 255;

  /** Finds the value in a query; empty when absent or faulty. */
  interface Value {
    Optional<?> read(Query query, String name);
  }

  /** Exactly this text. */
  static Filter text(RecordField<String> field) {
    return new Filter(field.name(), field.name() + " = :" + field.name(), Filter::shortText);
  }

  /** This text in any case. */
  static Filter anyCase(RecordField<String> field) {
    String condition = "lower(" + field.name() + ") = lower(:" + field.name() + ")";
    return new Filter(field.name(), condition, Filter::shortText);
  }

  static Filter choice(RecordField<String> field, List<String> choices) {
    return new Filter(
        field.name(),
        field.name() + " = :" + field.name(),
        (query, name) -> query.oneOf(name, choices));
  }

  static Filter reference(Reference reference) {
    String name = reference.field().name();
    return new Filter(
        name,
        name + " = :" + name,
        (query, parameter) -> query.id(parameter).stream().boxed().findFirst());
  }

  private static Optional<String> shortText(Query query, String name) {
    Optional<String> text = query.text(name);
    if (text.isPresent() && text.get().length() > LONGEST) {
      query.refuse(name, "too_long", "at most " + LONGEST + " characters");
      return Optional.empty();
    }
    return text;
  }
}
