package dev.posthorn.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON values as typed ones: the rules of each type, and the words when one is broken. */
final class Values {
  private static final int MOST_WHOLE_DIGITS = 15;
  private static final int MOST_DECIMALS = 4;

  private Values() {}

  static Field<String> text(JsonNode node, String at, int longest, Faults faults) {
    if (!node.isTextual()) {
      return wrongType(node, at, "text", faults);
    }
    String text = node.textValue();
    return text.length() > longest
        ? Field.faulty(at, faults, "too_long", tooLong(at, text.length(), longest))
        : Field.of(at, faults, text);
  }

  static Field<String> secretText(JsonNode node, String at, int longest, Faults faults) {
    return node.isTextual()
        ? text(node, at, longest, faults)
        : Field.faulty(at, faults, "wrong_type", at + " must be text.");
  }

  static Field<String> oneOf(JsonNode node, String at, List<String> choices, Faults faults) {
    if (!node.isTextual()) {
      return wrongType(node, at, "text", faults);
    }
    return choices.contains(node.textValue())
        ? Field.of(at, faults, node.textValue())
        : Field.faulty(
            at,
            faults,
            "unknown_value",
            at
                + " must be one of "
                + String.join(", ", choices)
                + ", not "
                + Shown.value(node)
                + ".");
  }

  static Field<Long> integer(JsonNode node, String at, long least, long most, Faults faults) {
    if (!node.isNumber()) {
      return wrongType(node, at, "a whole number", faults);
    }
    BigDecimal number = node.decimalValue();
    if (!isWhole(number)) {
      return wrongType(node, at, "a whole number", faults);
    }
    return inRange(number, BigDecimal.valueOf(least), BigDecimal.valueOf(most))
        ? Field.of(at, faults, number.longValueExact())
        : outOfRange(node, at, least + " to " + most, faults);
  }

  static Field<BigDecimal> number(
      JsonNode node, String at, BigDecimal least, BigDecimal most, Faults faults) {
    if (!node.isNumber()) {
      return wrongType(node, at, "a number", faults);
    }
    BigDecimal number = node.decimalValue();
    // Written out, 1e-999999999 would be a gigabyte of zeros.
    return inRange(number, least, most) && number.scale() <= 100
        ? Field.of(at, faults, number)
        : outOfRange(node, at, least.toPlainString() + " to " + most.toPlainString(), faults);
  }

  static Field<BigDecimal> decimalText(JsonNode node, String at, Faults faults) {
    if (!node.isTextual()) {
      return wrongType(node, at, "a decimal in a string, such as \"1250.50\"", faults);
    }
    String text = node.textValue();
    return isDecimal(text)
        ? Field.of(at, faults, new BigDecimal(text))
        : Field.faulty(
            at,
            faults,
            "invalid_decimal",
            at
                + " must be a decimal such as \"1250.50\", with at most 15 digits before the point"
                + " and 4 after it, not "
                + Shown.value(node)
                + ".");
  }

  static Field<Boolean> bool(JsonNode node, String at, Faults faults) {
    return node.isBoolean()
        ? Field.of(at, faults, node.booleanValue())
        : wrongType(node, at, "true or false", faults);
  }

  static Field<LocalDate> date(JsonNode node, String at, Faults faults) {
    Optional<LocalDate> date = node.isTextual() ? date(node.textValue()) : Optional.empty();
    return date.map(value -> Field.of(at, faults, value))
        .orElseGet(() ->
            Field.faulty(
                at,
                faults,
                "invalid_date",
                at + " must be a date as YYYY-MM-DD, not " + Shown.value(node) + "."));
  }

  static Field<Instant> instant(JsonNode node, String at, Faults faults) {
    Optional<Instant> time = node.isTextual() ? instant(node.textValue()) : Optional.empty();
    return time.map(value -> Field.of(at, faults, value))
        .orElseGet(() ->
            Field.faulty(
                at,
                faults,
                "invalid_time",
                at
                    + " must be a time such as 2026-11-23T17:00:00Z, not "
                    + Shown.value(node)
                    + "."));
  }

  static Field<List<String>> texts(
      JsonNode node, String at, int mostItems, int longest, Faults faults) {
    if (!node.isArray()) {
      return wrongType(node, at, "a list of texts", faults);
    }
    if (node.size() > mostItems) {
      return tooManyItems(node, at, mostItems, faults);
    }
    List<String> texts = new ArrayList<>(node.size());
    for (int item = 0; item < node.size(); item++) {
      text(node.get(item), at + '[' + item + ']', longest, faults).value().ifPresent(texts::add);
    }
    return Field.of(at, faults, List.copyOf(texts));
  }

  static Field<ObjectNode> anyObject(JsonNode node, String at, Faults faults) {
    return node instanceof ObjectNode object
        ? Field.of(at, faults, object)
        : wrongType(node, at, "an object", faults);
  }

  static Field<List<ObjectNode>> objects(JsonNode node, String at, int mostItems, Faults faults) {
    if (!node.isArray()) {
      return wrongType(node, at, "a list of objects", faults);
    }
    if (node.size() > mostItems) {
      return tooManyItems(node, at, mostItems, faults);
    }
    List<ObjectNode> objects = new ArrayList<>(node.size());
    for (int item = 0; item < node.size(); item++) {
      anyObject(node.get(item), at + '[' + item + ']', faults).value().ifPresent(objects::add);
    }
    return Field.of(at, faults, List.copyOf(objects));
  }

  /** A date as ISO 8601 writes it, years 0001 to 9999. */
  static Optional<LocalDate> date(String text) {
    try {
      return text.length() == 10 && text.charAt(0) != '-' && !text.startsWith("0000")
          ? Optional.of(LocalDate.parse(text))
          : Optional.empty();
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /** A time as RFC 3339 writes it, cut to microseconds, years 0001 to 9999 in UTC. */
  static Optional<Instant> instant(String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
      int year = time.atOffset(java.time.ZoneOffset.UTC).getYear();
      return year >= 1 && year <= 9999 ? Optional.of(time) : Optional.empty();
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  // By digits alone: comparing or rounding 1e999999999 would write it out first.
  private static boolean isWhole(BigDecimal number) {
    return number.signum() == 0
        || number.scale() <= 0
        || (number.scale() <= number.precision()
            && number.setScale(0, RoundingMode.DOWN).compareTo(number) == 0);
  }

  private static boolean inRange(BigDecimal number, BigDecimal least, BigDecimal most) {
    return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
  }

  private static boolean isDecimal(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int point = text.indexOf('.');
    int wholeEnd = point < 0 ? text.length() : point;
    int decimals = point < 0 ? 0 : text.length() - point - 1;
    boolean wholeFits = wholeEnd > start && wholeEnd - start <= MOST_WHOLE_DIGITS;
    boolean decimalsFit = point < 0 || (decimals >= 1 && decimals <= MOST_DECIMALS);
    return wholeFits
        && decimalsFit
        && digits(text, start, wholeEnd)
        && digits(text, wholeEnd + 1, text.length());
  }

  private static boolean digits(String text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (text.charAt(at) < '0' || text.charAt(at) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String tooLong(String at, int length, int longest) {
    return at + " has " + length + " characters; at most " + longest + " are allowed.";
  }

  private static <T> Field<T> tooManyItems(JsonNode node, String at, int most, Faults faults) {
    String message = at + " has " + node.size() + " items; at most " + most + " are allowed.";
    return Field.faulty(at, faults, "too_many_items", message);
  }

  private static <T> Field<T> wrongType(JsonNode node, String at, String wanted, Faults faults) {
    String message = at + " must be " + wanted + ", not " + Shown.value(node) + ".";
    return Field.faulty(at, faults, "wrong_type", message);
  }

  private static <T> Field<T> outOfRange(JsonNode node, String at, String range, Faults faults) {
    String message = at + " must be " + range + ", not " + Shown.value(node) + ".";
    return Field.faulty(at, faults, "out_of_range", message);
  }
}
