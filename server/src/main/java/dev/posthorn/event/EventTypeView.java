package dev.posthorn.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Answer;
import dev.posthorn.http.ETag;
import dev.posthorn.http.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Event types as the API shows them. */
final class EventTypeView {
  private EventTypeView() {}

  static ObjectNode of(EventType type) {
    ObjectNode json = Json.object();
    json.put("name", type.name());
    json.put("description", type.description());
    putJson(json, "schema", type.schema());
    putJson(json, "example", type.example());
    json.put("built_in", false);
    putTime(json, "archived_at", type.archivedAt());
    putTime(json, "created_at", type.createdAt());
    putTime(json, "updated_at", type.updatedAt());
    return json;
  }

  /**
   * @param payload makes its example
   */
  static ObjectNode of(BuiltInType type, RecordPayload payload) {
    ObjectNode json = Json.object();
    json.put("name", type.text());
    json.put("description", description(type));
    json.putNull("schema");
    json.set("example", SentJson.tree(payload.bytes(type.kind(), 2279)));
    json.put("built_in", true);
    json.putNull("archived_at");
    json.putNull("created_at");
    json.putNull("updated_at");
    return json;
  }

  /** The entity tag of reading the type now. */
  static String tag(EventType type) {
    return ETag.of(Answer.object("event_type", of(type)).body());
  }

  private static String description(BuiltInType type) {
    String what = type == type.kind().created() ? " was created." : " was changed.";
    return (type.kind() == RecordKind.OPPORTUNITY ? "An " : "A ") + type.kind().singular() + what;
  }

  private static void putJson(ObjectNode json, String name, @Nullable String value) {
    json.set(name, value == null ? json.nullNode() : SentJson.tree(value));
  }

  private static void putTime(ObjectNode json, String name, @Nullable Instant time) {
    json.put(name, time == null ? null : Json.time(time));
  }
}
