package dev.posthorn.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.Shown;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Header fields that a customer adds to every request, often to pass a gateway: read as a merge
 * patch, in which null takes a field away. Names are compared without regard to case.
 */
final class StaticHeaders {
  static final int MOST = 20;

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VALUE = 4_096;

  // RFC 9110, section 5.6.2; values are the visible ASCII of section 5.5, trimmed.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("([!-~]([ \\t!-~]*[!-~])?)?");

  /** What is ours to say, or would frame, route or authenticate the message anew. */
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "cookie2",
          "date",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "via");

  private static final Set<String> OUR_PREFIXES = Set.of("webhook-", "svix-", "proxy-");

  private StaticHeaders() {}

  /** The changes to the header fields, by name; empty takes one away. */
  static Field<Map<String, Optional<String>>> read(Fields fields) {
    return fields
        .anyObject("headers")
        .convert(node -> new Field.Result.Kept<>(readEach(fields, node)));
  }

  private static Map<String, Optional<String>> readEach(Fields fields, ObjectNode headers) {
    Map<String, Optional<String>> read = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (var header : headers.properties()) {
      String at = "headers." + Shown.name(header.getKey());
      Optional<String[]> fault =
          names.add(header.getKey().toLowerCase(Locale.ROOT))
              ? fault(header.getKey(), header.getValue())
              : Optional.of(new String[] {"repeated", "differs from another only in case"});
      fault.ifPresent(it -> fields.refuse(at, it[0], fields.at(at) + " " + it[1] + "."));
      read.put(header.getKey(), Optional.ofNullable(header.getValue().textValue()));
    }
    return read;
  }

  private static Optional<String[]> fault(String name, JsonNode value) {
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      return fault("invalid_header_name", "is not the name of a header field");
    }
    if (isOurs(name.toLowerCase(Locale.ROOT))) {
      return fault("reserved_header", "is set by this service");
    }
    if (value.isNull()) {
      return Optional.empty();
    }
    return value.isTextual() ? valueFault(value.textValue()) : fault("wrong_type", "must be text");
  }

  private static Optional<String[]> valueFault(String value) {
    if (value.length() > LONGEST_VALUE) {
      return fault("too_long", "may have at most " + LONGEST_VALUE + " characters");
    }
    return VALUE.matcher(value).matches()
        ? Optional.empty()
        : fault("invalid_header_value", "must be printable ASCII without spaces at its ends");
  }

  private static boolean isOurs(String name) {
    return OURS.contains(name) || OUR_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static Optional<String[]> fault(String code, String rule) {
    return Optional.of(new String[] {code, rule});
  }

  /** The header fields after a change. */
  static Map<String, String> merge(
      Map<String, String> current, Map<String, Optional<String>> changes) {
    Map<String, String> merged = new LinkedHashMap<>(current);
    changes.forEach((name, value) -> {
      merged.keySet().removeIf(name::equalsIgnoreCase);
      value.ifPresent(text -> merged.put(name, text));
    });
    return merged;
  }
}
