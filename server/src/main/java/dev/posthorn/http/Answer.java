package dev.posthorn.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a handler answers. A value: it can be stored and sent again.
 *
 * @param contentType empty when there is no body
 * @param body sent as it is; not copied, so it must not change any more
 */
@SuppressWarnings("ArrayRecordComponent") // a copy per answer would be paid by every request
public record Answer(int status, String contentType, byte[] body, List<Header> headers) {

  private static final String JSON = "application/json";

  public Answer {
    headers = List.copyOf(headers);
  }

  /** One object under its singular key, {@code {"contact": {…}}}, status 200. */
  public static Answer object(String key, JsonNode value) {
    ObjectNode envelope = Json.object();
    envelope.set(key, value);
    return json(200, Json.bytes(envelope));
  }

  /** A list under its plural key, {@code {"contacts": […]}}, status 200. */
  public static Answer list(String key, List<? extends JsonNode> items) {
    ArrayNode array = Json.array();
    array.addAll(items);
    return object(key, array);
  }

  /** 201, with the address of what was created, from the root of the host. */
  public static Answer created(String location, String key, JsonNode value) {
    return object(key, value).withStatus(201).with("Location", location);
  }

  public static Answer noContent() {
    return new Answer(204, "", new byte[0], List.of());
  }

  /** JSON that is already there as bytes. */
  public static Answer json(int status, byte[] body) {
    return new Answer(status, JSON, body, List.of());
  }

  /** Text of any type, in UTF-8. */
  public static Answer text(String contentType, String text) {
    return new Answer(200, contentType, text.getBytes(StandardCharsets.UTF_8), List.of());
  }

  public Answer withStatus(int other) {
    return new Answer(other, contentType, body, headers);
  }

  /** The same with one more header field. */
  public Answer with(String name, String value) {
    return new Answer(status, contentType, body, Header.append(headers, name, value));
  }

  /** The value of a header field of its own; the first, if there are more. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The same with the entity tag of its body, for single objects. */
  public Answer withETag() {
    return with("ETag", ETag.of(body));
  }

  /** The same without its body, as a client is told that has it already. */
  Answer notModified() {
    return new Answer(304, "", new byte[0], headers);
  }
}
