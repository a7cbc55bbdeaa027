package dev.posthorn.http;

import com.fasterxml.jackson.databind.JsonNode;

/** What is repeated to the caller in a message: short, on one line, and printable. */
public final class Shown {
  private static final int LONGEST_VALUE = 40;
  private static final int LONGEST_NAME = 100;

  private Shown() {}

  /** A value as JSON, cut after 40 characters. */
  public static String value(JsonNode node) {
    return node.isContainerNode()
        ? (node.isArray() ? "a list" : "an object")
        : value(node.toString());
  }

  public static String value(String text) {
    return printable(text, LONGEST_VALUE);
  }

  /** A field's name or path, cut after 100 characters. */
  public static String name(String name) {
    return printable(name, LONGEST_NAME);
  }

  private static String printable(String text, int longest) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), longest) + 1);
    text.codePoints()
        .limit(longest)
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? '\uFFFD' : c)
        .forEach(shown::appendCodePoint);
    return text.codePointCount(0, text.length()) > longest
        ? shown.append('…').toString()
        : shown.toString();
  }

  // Format characters turn the reading direction around; halves of pairs are no characters.
  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
