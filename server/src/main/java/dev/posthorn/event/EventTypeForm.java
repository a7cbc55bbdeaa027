package dev.posthorn.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.Call;
import dev.posthorn.http.Faults;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.JsonBody;
import dev.posthorn.http.Shown;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a customer says about an event type. */
final class EventTypeForm {
  private static final String KEY = "event_type";
  private static final int LONGEST_DESCRIPTION = 1_000;

  private EventTypeForm() {}

  /**
   * Changes to a type.
   *
   * @param schema replaced as a whole: a schema is one value, not a patch of another
   */
  record Changes(Field<String> description, Field<JsonNode> schema, Field<JsonNode> example) {

    /**
     * The type after the changes.
     *
     * @throws dev.posthorn.http.ProblemException 422 when its example does not fit its schema
     */
    EventType applyTo(EventType current, Instant now) {
      EventType changed =
          new EventType(
              current.name(),
              description.merge(current.description()),
              merge(schema, current.schema()),
              merge(example, current.example()),
              current.archivedAt(),
              current.createdAt(),
              now);
      requireFittingExample(changed);
      return changed;
    }
  }

  static EventType creation(Call call, Instant now) {
    JsonBody body = JsonBody.read(call);
    Fields fields = body.object(KEY);
    Field<String> name =
        fields.text("name", EventType.LONGEST_NAME).required().convert(EventTypeForm::newName);
    Changes sent = read(fields);
    body.throwIfFaulty();
    EventType bare = new EventType(name.get(), null, null, null, null, now, now);
    return sent.applyTo(bare, now);
  }

  static Changes changes(Call call) {
    JsonBody body = JsonBody.read(call);
    Changes sent = read(body.object(KEY));
    body.throwIfFaulty();
    return sent;
  }

  private static Changes read(Fields fields) {
    return new Changes(
        fields.text("description", LONGEST_DESCRIPTION),
        fields.any("schema").convert(EventTypeForm::schema),
        fields.any("example").convert(EventTypeForm::example));
  }

  private static Field.Result<String> newName(String name) {
    if (!EventType.isName(name)) {
      return new Field.Result.Refused<>(
          "invalid_event_type",
          "name must be segments of a-z, 0-9 and _ joined by full stops, such as invoice.paid, not \""
              + Shown.value(name)
              + "\".");
    }
    return BuiltInType.of(name).isPresent()
        ? new Field.Result.Refused<>("built_in", name + " is built in and cannot be changed.")
        : new Field.Result.Kept<>(name);
  }

  private static Field.Result<JsonNode> schema(JsonNode json) {
    if (!json.isObject() && !json.isBoolean()) {
      return new Field.Result.Refused<>(
          "wrong_type", "schema must be an object, true or false, not " + Shown.value(json) + ".");
    }
    return switch (PayloadSchema.read(json)) {
      case Field.Result.Kept<PayloadSchema> _ -> new Field.Result.Kept<>(json);
      case Field.Result.Refused<PayloadSchema>(String code, String message) ->
          new Field.Result.Refused<>(code, message);
    };
  }

  private static Field.Result<JsonNode> example(JsonNode json) {
    return SentJson.text(json).length() > EventReader.MOST_PAYLOAD_BYTES
        ? new Field.Result.Refused<>("too_large", "example is larger than a payload may be.")
        : new Field.Result.Kept<>(json);
  }

  private static @Nullable String merge(Field<JsonNode> sent, @Nullable String current) {
    return sent.isSent() ? sent.value().map(SentJson::text).orElse(null) : current;
  }

  private static void requireFittingExample(EventType type) {
    Optional<String> schema = Optional.ofNullable(type.schema());
    if (schema.isPresent() && type.example() != null) {
      Faults faults = new Faults();
      PayloadSchema.stored(schema.get())
          .faults(SentJson.tree(type.example()), KEY + ".example")
          .forEach(fault -> faults.add(fault.field(), fault.code(), fault.message()));
      faults.throwIfAny();
    }
  }
}
