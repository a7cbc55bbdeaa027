package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a receiver sent, as JSON: it may be anything at all, and is shown as what it was. */
final class ResponseJson {
  private ResponseJson() {}

  static ObjectNode of(StoredAttempt.Response response) {
    ObjectNode json = Json.object();
    json.set("headers", headers(response.head() == null ? new byte[0] : response.head()));
    byte[] body = response.body() == null ? new byte[0] : response.body();
    Optional<String> text = text(body, response.truncated());
    json.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)));
    json.put("body_encoding", text.isPresent() ? "utf-8" : "base64");
    json.put("truncated", response.truncated());
    return json;
  }

  /**
   * The header lines in their order, as Latin-1 (RFC 9110, 5.5), folded lines put together. A line
   * without a colon is a name without a value.
   */
  private static ArrayNode headers(byte[] head) {
    ArrayNode headers = Json.array();
    String[] lines =
        new String(head, StandardCharsets.ISO_8859_1)
            .replaceAll("\r?\n[ \t]+", " ")
            .split("\r?\n", -1);
    for (int i = 1; i < lines.length; i++) { // the first one is the status line
      if (!lines[i].isEmpty()) {
        int colon = lines[i].indexOf(':');
        String name = colon < 0 ? lines[i] : lines[i].substring(0, colon);
        String value = colon < 0 ? "" : lines[i].substring(colon + 1).strip();
        headers.addObject().put("name", name).put("value", value);
      }
    }
    return headers;
  }

  /** The bytes as text if they are UTF-8; a character that was cut in the middle does not count. */
  private static Optional<String> text(byte[] body, boolean cut) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(body.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(body), text, !cut);
    return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
  }
}
