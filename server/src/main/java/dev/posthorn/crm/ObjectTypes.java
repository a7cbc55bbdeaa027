package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of the objects in a record. A patch merges into them (RFC 7396): members that it does
 * not name stay, those that are null go. They are stored as {@code json}, not {@code jsonb}: no
 * number is too large for it, and names keep their order.
 */
final class ObjectTypes {
  private ObjectTypes() {}

  /** An object of texts with fixed names; absent as soon as none of them is left. */
  record Texts(List<RecordField<String>> members) implements FieldType<ObjectNode> {
    @Override
    public Change<ObjectNode> change(Fields body, String name, Occasion occasion) {
      if (!body.has(name)) {
        return current -> current;
      }
      return body.object(name).map(inner -> merging(inner, occasion)).orElse(current -> null);
    }

    private Change<ObjectNode> merging(Fields inner, Occasion occasion) {
      Map<String, Change<String>> changes = new LinkedHashMap<>();
      members.forEach(member -> changes.put(member.name(), member.change(inner, occasion)));
      return current -> {
        ObjectNode next = Json.object();
        changes.forEach((member, change) -> {
          String before = current == null ? null : current.path(member).textValue();
          String after = change.applyTo(before);
          if (after != null) {
            next.put(member, after);
          }
        });
        return next.isEmpty() ? null : next;
      };
    }

    @Override
    public @Nullable ObjectNode stored(ResultSet row, String column) throws SQLException {
      return parsed(row.getString(column));
    }

    /** Every member, null where it has no value. */
    @Override
    public JsonNode json(ObjectNode value) {
      ObjectNode all = Json.object();
      members.forEach(member -> all.set(member.name(), value.get(member.name())));
      return all;
    }

    @Override
    public boolean same(ObjectNode one, ObjectNode other) {
      return json(one).equals(json(other));
    }
  }

  /** An object of the account's own; never absent. */
  record Free() implements FieldType<ObjectNode> {
    @Override
    public Change<ObjectNode> change(Fields body, String name, Occasion occasion) {
      Field<ObjectNode> sent = body.anyObject(name);
      return current ->
          sent.isNull() ? initial() : sent.value().map(p -> merge(current, p)).orElse(current);
    }

    @Override
    public @Nullable ObjectNode stored(ResultSet row, String column) throws SQLException {
      return parsed(row.getString(column));
    }

    @Override
    public JsonNode json(ObjectNode value) {
      return value;
    }

    @Override
    public ObjectNode initial() {
      return Json.object();
    }
  }

  /** The object with the patch merged into it; neither of the two is changed. */
  static ObjectNode merge(@Nullable JsonNode target, ObjectNode patch) {
    ObjectNode merged = Json.object();
    if (target instanceof ObjectNode object) {
      merged.setAll(object);
    }
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      JsonNode value = member.getValue();
      if (value.isNull()) {
        merged.remove(member.getKey());
      } else if (value instanceof ObjectNode inner) {
        merged.set(member.getKey(), merge(merged.get(member.getKey()), inner));
      } else {
        merged.set(member.getKey(), value);
      }
    }
    return merged;
  }

  private static @Nullable ObjectNode parsed(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      return Json.parser(json.getBytes(StandardCharsets.UTF_8)).readValueAsTree();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
