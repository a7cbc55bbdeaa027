package dev.posthorn.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** How JSON is read and written at the edge: strictly, as trees, with times in UTC. */
public final class Json {

  /** Objects and arrays inside one another, the outermost counted. */
  static final int MAX_DEPTH = 50;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  // Decimals stay exact: 0.1 read and written again is 0.1, and 1.50 stays 1.50.
  private static final ObjectMapper MAPPER =
      new ObjectMapper(FACTORY)
          .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, true)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  private static final ObjectReader TREES =
      MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RFC 3339 in UTC to the microsecond, which is what PostgreSQL keeps. */
  public static String time(Instant instant) {
    return MICROS.format(instant);
  }

  /**
   * A whole document as a tree: no duplicate keys, no deeper than 50, nothing after it.
   *
   * @param utf8 already known to be valid UTF-8
   */
  static JsonNode tree(byte[] utf8) throws IOException {
    return TREES.readTree(utf8);
  }

  /** A parser with the same rules, for who needs the place of a value in the bytes. */
  public static JsonParser parser(byte[] utf8) throws IOException {
    return MAPPER.createParser(utf8);
  }
}
