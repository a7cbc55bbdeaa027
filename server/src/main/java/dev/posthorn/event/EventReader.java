package dev.posthorn.event;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthorn.http.Faults;
import dev.posthorn.http.Json;
import dev.posthorn.http.JsonBody;
import dev.posthorn.http.JsonText;
import dev.posthorn.http.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a publish in one pass, without a tree, and finds where in it each payload
 * stands. As strict as {@link JsonBody}. For one body, by one thread.
 */
final class EventReader {
  /** Most events in one request. */
  static final int MOST_EVENTS = 1_000;

  /** The longest payload. */
  static final int MOST_PAYLOAD_BYTES = 256 * 1_024;

  private static final int LARGEST_SCALE = 100;
  private static final BigDecimal LARGEST_ID = BigDecimal.valueOf(Long.MAX_VALUE);

  private final byte[] body;
  private final boolean hasEscapes;
  private final Faults faults;
  private final JsonParser parser;
  private final List<Draft> drafts = new ArrayList<>(1);
  private boolean isSingle;

  private EventReader(byte[] body, Faults faults) throws IOException {
    this.body = body;
    this.faults = faults;
    this.hasEscapes = hasEscape(body);
    this.parser = Json.parser(body);
  }

  /**
   * What was sent.
   *
   * @param isSingle whether it was {@code event} and not {@code events}
   */
  record Sent(boolean isSingle, List<Draft> drafts) {}

  /**
   * An event as it was sent. What is absent is missing, or had a fault noted.
   *
   * @param at its path, {@code event} or {@code events[3]}
   * @param payload its very bytes
   * @param hasRecordId whether there was a record id, faulty or not
   * @param hasPayload whether there was a payload, faulty or not
   */
  record Draft(
      String at,
      Optional<String> type,
      Optional<Long> recordId,
      Optional<byte[]> payload,
      boolean hasRecordId,
      boolean hasPayload) {}

  /**
   * Reads a body of valid UTF-8.
   *
   * @param faults where to note what breaks a rule
   * @throws dev.posthorn.http.ProblemException 400 when it is not JSON
   */
  static Sent read(byte[] body, Faults faults) {
    try {
      EventReader reader = new EventReader(body, faults);
      reader.readBody();
      return new Sent(reader.isSingle, reader.drafts);
    } catch (JsonProcessingException e) {
      throw JsonBody.malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readBody() throws IOException {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      readRoot();
    } else {
      faults.add("", "wrong_type", "The body must be a JSON object.");
      parser.skipChildren();
    }
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "Something follows the body");
    }
  }

  private void readRoot() throws IOException {
    boolean hasEvent = false;
    boolean hasEvents = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "event" -> {
          hasEvent = true;
          readEvent("event");
        }
        case "events" -> {
          hasEvents = true;
          readEvents();
        }
        default -> unknown(name);
      }
    }
    isSingle = hasEvent;
    if (hasEvent == hasEvents) {
      faults.add("event", "required", "The body must have either event or events.");
    }
  }

  private void readEvents() throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      wrongType("events", "a list of events");
      return;
    }
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count < MOST_EVENTS) {
        readEvent("events[" + count + ']');
      } else {
        parser.skipChildren();
      }
      count++;
    }
    if (count == 0) {
      faults.add("events", "empty", "events must have at least one event.");
    } else if (count > MOST_EVENTS) {
      String rule = " events; at most " + MOST_EVENTS + " are allowed.";
      faults.add("events", "too_many_items", "events has " + count + rule);
    }
  }

  private void readEvent(String at) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      wrongType(at, "an object");
      return;
    }
    Optional<String> type = Optional.empty();
    Optional<Long> recordId = Optional.empty();
    Optional<byte[]> payload = Optional.empty();
    boolean hasType = false;
    boolean hasRecordId = false;
    boolean hasPayload = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
      switch (name) {
        case "type" -> {
          hasType = !isNull;
          type = isNull ? Optional.empty() : readType(at + ".type");
        }
        case "record_id" -> {
          hasRecordId = !isNull;
          recordId = isNull ? Optional.empty() : readRecordId(at + ".record_id");
        }
        case "payload" -> {
          hasPayload = true;
          payload = readPayload(at + ".payload");
        }
        default -> unknown(at + '.' + name);
      }
    }
    if (!hasType) {
      faults.add(at + ".type", "required", at + ".type is required.");
    }
    drafts.add(new Draft(at, type, recordId, payload, hasRecordId, hasPayload));
  }

  private Optional<String> readType(String at) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      wrongType(at, "text");
      return Optional.empty();
    }
    String type = parser.getText();
    if (!JsonText.isStorable(type)) {
      unstorable(at);
      return Optional.empty();
    }
    return Optional.of(type);
  }

  private Optional<Long> readRecordId(String at) throws IOException {
    Optional<Long> id =
        switch (parser.currentToken()) {
          case VALUE_NUMBER_INT -> id(new BigDecimal(parser.getBigIntegerValue()));
          case VALUE_NUMBER_FLOAT -> id(parser.getDecimalValue());
          case null, default -> {
            wrongType(at, "a whole number");
            yield Optional.of(0L);
          }
        };
    if (id.isEmpty()) {
      String range = " must be a whole number from 1 to " + Long.MAX_VALUE + ".";
      faults.add(at, "out_of_range", at + range);
    }
    return id.filter(value -> value > 0);
  }

  /** 3.0 is a whole number too; one with a huge exponent must not be written out to see it. */
  private static Optional<Long> id(BigDecimal number) {
    boolean fits =
        Math.abs(number.scale()) <= LARGEST_SCALE
            && number.compareTo(BigDecimal.ONE) >= 0
            && number.compareTo(LARGEST_ID) <= 0
            && number.stripTrailingZeros().scale() <= 0;
    return fits ? Optional.of(number.longValueExact()) : Optional.empty();
  }

  private Optional<byte[]> readPayload(String at) throws IOException {
    int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    if (!skipStorable()) {
      unstorable(at);
      return Optional.empty();
    }
    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
    if (end - start > MOST_PAYLOAD_BYTES) {
      String rule = " bytes; at most " + MOST_PAYLOAD_BYTES + " are allowed.";
      faults.add(at, "too_large", at + " has " + (end - start) + rule);
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOfRange(body, start, end));
  }

  /** Goes to the end of the current value; says whether all of its text can be stored. */
  private boolean skipStorable() throws IOException {
    if (!hasEscapes) {
      parser.skipChildren();
      parser.finishToken(); // a string's end is found by reading it
      return true;
    }
    boolean storable = true;
    int depth = 0;
    do {
      if (depth > 0) {
        parser.nextToken();
      }
      JsonToken token = parser.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      storable &= !isText(token) || JsonText.isStorable(parser.getText());
    } while (depth > 0);
    parser.finishToken();
    return storable;
  }

  private static boolean isText(@Nullable JsonToken token) {
    return token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
  }

  private static boolean hasEscape(byte[] source) {
    for (int at = 0; at < source.length - 1; at++) {
      if (source[at] == '\\' && source[at + 1] == 'u') {
        return true;
      }
    }
    return false;
  }

  private void wrongType(String at, String wanted) throws IOException {
    faults.add(at, "wrong_type", at + " must be " + wanted + ".");
    parser.skipChildren();
  }

  private void unknown(String at) throws IOException {
    String shown = Shown.name(at);
    faults.add(shown, "unknown_field", shown + " is not a field that can be set here.");
    parser.skipChildren();
  }

  private void unstorable(String at) {
    String why = " holds a NUL character or half a surrogate pair, which is no text.";
    faults.add(at, "invalid_characters", at + why);
  }
}
