package dev.posthorn.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** JSON that was read and checked before. */
final class SentJson {
  private SentJson() {}

  static JsonNode tree(String json) {
    return tree(json.getBytes(StandardCharsets.UTF_8));
  }

  static JsonNode tree(byte[] utf8) {
    try (JsonParser parser = Json.parser(utf8)) {
      return parser.readValueAsTree();
    } catch (IOException e) {
      throw new UncheckedIOException("JSON that was checked cannot be read", e);
    }
  }

  static String text(JsonNode json) {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }
}
