package dev.posthorn.event;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event type of an account's own.
 *
 * @param name segments of {@code a-z0-9_} joined by full stops, at most 128 characters
 * @param schema JSON Schema 2020-12, as JSON; absent when payloads may be anything
 * @param example a payload, as JSON
 * @param archivedAt since when it cannot be published any more
 */
record EventType(
    String name,
    @Nullable String description,
    @Nullable String schema,
    @Nullable String example,
    @Nullable Instant archivedAt,
    Instant createdAt,
    Instant updatedAt) {
  static final int LONGEST_NAME = 128;

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)*");

  static boolean isName(String text) {
    return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
  }
}
