package dev.posthorn.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code filter_types}, with a fault for each element that cannot match anything. */
final class FilterReader {
  private static final String NAME = "filter_types";

  private final Fields fields;
  private final Set<String> known;
  private final List<String> entries = new ArrayList<>();

  private FilterReader(Fields fields, Set<String> known) {
    this.fields = fields;
    this.known = known;
  }

  static Field<FilterTypes> read(Fields fields, KnownTypes types, long accountId) {
    return fields
        .any(NAME)
        .convert(node -> {
          if (!node.isArray()) {
            return refused("wrong_type", "must be a list of event types, not " + Shown.value(node));
          }
          if (node.isEmpty()) {
            return refused("empty", "must name an event type; leave it out to get every type");
          }
          if (node.size() > FilterTypes.MOST) {
            return refused("too_many_items", "may have at most " + FilterTypes.MOST + " items");
          }
          return new FilterReader(fields, types.of(accountId)).readItems(node);
        });
  }

  private static Field.Result<FilterTypes> refused(String code, String rule) {
    return new Field.Result.Refused<>(code, NAME + " " + rule + ".");
  }

  private Field.Result<FilterTypes> readItems(JsonNode list) {
    for (int at = 0; at < list.size(); at++) {
      readItem(NAME + '[' + at + ']', list.get(at));
    }
    return new Field.Result.Kept<>(new FilterTypes(entries));
  }

  private void readItem(String at, JsonNode item) {
    if (!item.isTextual()) {
      refuse(at, "wrong_type", "must be text, not " + Shown.value(item));
    } else if (entries.contains(item.textValue())) {
      refuse(at, "repeated", "repeats " + Shown.value(item));
    } else if (!FilterTypes.isEntry(item.textValue())) {
      refuse(at, "invalid_event_type", "is no event type or pattern: " + Shown.value(item));
    } else if (known.stream().noneMatch(type -> FilterTypes.matches(item.textValue(), type))) {
      refuse(at, "unknown_event_type", "matches no event type here: " + Shown.value(item));
    } else {
      entries.add(item.textValue());
    }
  }

  private void refuse(String at, String code, String rule) {
    fields.refuse(at, code, fields.at(at) + " " + rule + ".");
  }
}
