package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.event.RecordKind;
import dev.posthorn.http.Fault;
import dev.posthorn.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * All that tells one kind of record from another.
 *
 * @param fields every field that can be set, in the order in which they are shown; each is a column
 *     of the table that is called like the kind
 * @param references which of the fields name something else
 * @param filters what a list can be narrowed by
 * @param computed what is shown besides and follows from the fields
 * @param rule what has to hold among the fields
 */
record RecordType(
    RecordKind kind,
    List<RecordField<?>> fields,
    List<Reference> references,
    List<Filter> filters,
    List<Computed> computed,
    Rule rule) {

  /** Names and values of the account's own, which every kind has. */
  static final RecordField<ObjectNode> CUSTOM_FIELDS =
      new RecordField<>("custom_fields", new ObjectTypes.Free());

  // A page has a hundred records: this bounds what it weighs.
  private static final int LARGEST_CUSTOM_FIELDS = 32 * 1024;

  /** Something that follows from the fields. */
  record Computed(String name, Function<RecordValues, JsonNode> value) {}

  /** Finds what does not hold among the fields. */
  interface Rule {
    Rule NONE = values -> List.of();

    List<Fault> faults(RecordValues values);
  }

  /** What is wrong with values that came out of a merge, which the body alone does not tell. */
  List<Fault> faults(RecordValues values) {
    List<Fault> faults = new ArrayList<>(rule.faults(values));
    ObjectNode custom = values.get(CUSTOM_FIELDS);
    if (custom != null && Json.bytes(custom).length > LARGEST_CUSTOM_FIELDS) {
      String at = path(CUSTOM_FIELDS.name());
      String most = at + " may have at most " + LARGEST_CUSTOM_FIELDS + " bytes as JSON.";
      faults.add(new Fault(at, "too_long", most));
    }
    return faults;
  }

  /** The name of a field in faults, such as {@code contact.email}. */
  String path(String field) {
    return kind.singular() + '.' + field;
  }
}
