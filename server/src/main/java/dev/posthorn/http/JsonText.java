package dev.posthorn.http;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Finds text that JSON can write and PostgreSQL cannot store: the NUL character and halves of
 * surrogate pairs. Both can only come from {@code \}{@code u} escapes once the bytes are valid
 * UTF-8, so that a body without any is not walked.
 */
public final class JsonText {
  private JsonText() {}

  static void check(byte[] source, JsonNode tree, Faults faults) {
    if (hasEscape(source)) {
      walk(tree, "", faults);
    }
  }

  private static boolean hasEscape(byte[] source) {
    for (int at = 0; at < source.length - 1; at++) {
      if (source[at] == '\\' && source[at + 1] == 'u') {
        return true;
      }
    }
    return false;
  }

  private static void walk(JsonNode node, String path, Faults faults) {
    if (node.isTextual()) {
      check(node.textValue(), path, faults);
    } else if (node.isArray()) {
      for (int at = 0; at < node.size(); at++) {
        walk(node.get(at), path + '[' + at + ']', faults);
      }
    } else {
      for (var field : node.properties()) {
        String inner = path.isEmpty() ? field.getKey() : path + '.' + field.getKey();
        check(field.getKey(), Shown.name(inner), faults);
        walk(field.getValue(), inner, faults);
      }
    }
  }

  private static void check(String text, String path, Faults faults) {
    if (!isStorable(text)) {
      faults.add(
          Shown.name(path),
          "invalid_characters",
          Shown.name(path) + " holds a NUL character or half a surrogate pair, which is no text.");
    }
  }

  /** Whether the text has neither a NUL character nor an unpaired surrogate. */
  public static boolean isStorable(String text) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)) {
        at++;
        if (at == text.length() || !Character.isLowSurrogate(text.charAt(at))) {
          return false;
        }
      }
    }
    return true;
  }
}
