package dev.posthorn.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A JSON body, read strictly: what another parser could understand differently is refused.
 *
 * <pre>{@code
 * JsonBody body = JsonBody.read(call);
 * Fields webhook = body.object("webhook");
 * Field<String> url = webhook.text("url", 2048).required();
 * Field<Long> rateLimit = webhook.integer("rate_limit", 1, 1_000_000);
 * body.throwIfFaulty();
 * }</pre>
 */
public final class JsonBody {
  private final Fields root;
  private final Faults faults;

  private JsonBody(Fields root, Faults faults) {
    this.root = root;
    this.faults = faults;
  }

  /**
   * Reads the body of a call.
   *
   * @throws ProblemException 400 malformed, 413 too large, 415 not JSON or encoded, 422 not an
   *     object, or text in it that PostgreSQL cannot store
   */
  public static JsonBody read(Call call) {
    byte[] bytes = bytes(call);
    JsonNode tree = tree(bytes);
    Faults faults = new Faults();
    if (!(tree instanceof ObjectNode object)) {
      throw Problem.invalid("", "wrong_type", "The body must be a JSON object.").exception();
    }
    JsonText.check(bytes, object, faults);
    return new JsonBody(new Fields(object, "", faults), faults);
  }

  /**
   * The body's bytes alone, known to be declared as JSON and to be valid UTF-8, but not parsed yet:
   * for who needs them byte for byte. {@link Json#parser} reads them by the same rules.
   */
  public static byte[] bytes(Call call) {
    requireJson(call);
    byte[] bytes = call.bytes();
    requireUtf8(bytes);
    return bytes;
  }

  /** The fields of the body itself; {@link #object} is for the usual body, one wrapped object. */
  public Fields fields() {
    return root;
  }

  /**
   * The object under the one key that a body has, such as {@code {"webhook": {…}}}.
   *
   * @throws ProblemException 422 when it is missing or something else
   */
  public Fields object(String key) {
    Fields fields = root.object(key, true).orElse(null);
    if (fields == null) {
      throw new ProblemException(Problem.invalid(faults.all()));
    }
    return fields;
  }

  /** Where further faults go, of rules that only the feature knows. */
  public Faults faults() {
    return faults;
  }

  /**
   * Ends the reading: whatever field nobody has asked for is a fault as well.
   *
   * @throws ProblemException 422 with every fault, if there is any
   */
  public void throwIfFaulty() {
    root.refuseUnread();
    faults.throwIfAny();
  }

  private static void requireJson(Call call) {
    String type = call.header(HeaderNames.CONTENT_TYPE).orElse("");
    if (!isJson(type)) {
      throw Problem.of(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "Content-Type must be application/json" + (type.isEmpty() ? "; it is missing." : "."))
          .with("Accept", "application/json")
          .exception();
    }
    String encoding = call.header(HeaderNames.CONTENT_ENCODING).orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw Problem.of(
              ProblemType.UNSUPPORTED_MEDIA_TYPE, "Bodies are read as they are: no encoding.")
          .with("Accept-Encoding", "identity")
          .exception();
    }
  }

  private static boolean isJson(String type) {
    int semicolon = type.indexOf(';');
    String media = semicolon < 0 ? type : type.substring(0, semicolon);
    if (!media.strip().equalsIgnoreCase("application/json")) {
      return false;
    }
    return semicolon < 0 || isUtf8(type.substring(semicolon + 1).strip());
  }

  private static boolean isUtf8(String parameter) {
    return parameter.isEmpty()
        || parameter.equalsIgnoreCase("charset=utf-8")
        || parameter.equalsIgnoreCase("charset=\"utf-8\"");
  }

  /** Without a NUL byte no parser can take the text for UTF-16 or UTF-32 either. */
  private static void requireUtf8(byte[] bytes) {
    if (bytes.length == 0) {
      throw malformed("The body is empty.");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0 && !decodes(bytes)) {
      throw malformed("The body is not valid UTF-8.");
    }
    if (text.charAt(0) == '\uFEFF') {
      throw malformed("The body begins with a byte order mark, which JSON must not.");
    }
    if (text.indexOf('\0') >= 0) {
      throw malformed("The body contains a NUL byte.");
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      JsonNode tree = Json.tree(bytes);
      if (tree.isMissingNode()) {
        throw malformed("The body is nothing but white space.");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The 400 for text that the parser refused: where, and why, without the text itself. */
  public static ProblemException malformed(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return malformed(
          "The body goes over a limit: objects and lists at most "
              + Json.MAX_DEPTH
              + " deep, numbers at most 1000 digits long.");
    }
    String place =
        e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    String why = e.getOriginalMessage().startsWith("Duplicate") ? "repeats a key" : "is not JSON";
    return malformed("The body " + why + place + ".");
  }

  private static ProblemException malformed(String detail) {
    return Problem.of(ProblemType.MALFORMED_JSON, detail).exception();
  }
}
