package dev.posthorn.webhook;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The event types that a webhook wants: names, and patterns such as {@code invoice.*}, which stand
 * for every type that begins with these segments and has at least one more.
 *
 * @param entries at least one, none twice
 */
public record FilterTypes(List<String> entries) {
  /** Most entries that a webhook may have. */
  static final int MOST = 1_000;

  /** The longest name of an event type, and the {@code .*} of a pattern. */
  static final int LONGEST = 128 + 2;

  private static final Pattern ENTRY = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)*(\\.\\*)?");

  public FilterTypes {
    entries = List.copyOf(entries);
  }

  /** Whether the text is a name or a pattern at all, known or not. */
  static boolean isEntry(String text) {
    return text.length() <= LONGEST && ENTRY.matcher(text).matches();
  }

  /** Whether an event of this type goes to the webhook. */
  public boolean matches(String type) {
    return entries.stream().anyMatch(entry -> matches(entry, type));
  }

  static boolean matches(String entry, String type) {
    return entry.endsWith(".*")
        ? type.startsWith(entry.substring(0, entry.length() - 1))
        : type.equals(entry);
  }

  /** The same as patterns of SQL's {@code LIKE}, which the fan-out matches in the database. */
  public List<String> likePatterns() {
    return entries.stream().map(FilterTypes::likePattern).toList();
  }

  private static String likePattern(String entry) {
    boolean isPattern = entry.endsWith(".*");
    String literal = isPattern ? entry.substring(0, entry.length() - 1) : entry;
    String escaped = literal.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    return isPattern ? escaped + "%" : escaped;
  }
}
