package dev.posthorn.db;

import java.util.Optional;
import java.util.UUID;

/**
 * UUIDs as the API shows them: a prefix that tells the kind, and 26 characters of Crockford's base
 * 32 in lower case, which sort like the UUIDs and have no full stop, the separator of what is
 * signed.
 */
public final class IdText {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 26; // of 130 bits, the first two are always 0

  private IdText() {}

  public static String of(String prefix, UUID id) {
    return prefix + encode(id);
  }

  /** The text of two ids, one behind the other. */
  public static String of(String prefix, UUID first, UUID second) {
    return prefix + encode(first) + encode(second);
  }

  /** The ids in a text, absent unless it is exactly what {@link #of} makes of {@code count} ids. */
  public static Optional<UUID[]> parse(String prefix, String text, int count) {
    if (!text.startsWith(prefix) || text.length() != prefix.length() + count * LENGTH) {
      return Optional.empty();
    }
    UUID[] ids = new UUID[count];
    for (int i = 0; i < count; i++) {
      int start = prefix.length() + i * LENGTH;
      Optional<UUID> id = decode(text.substring(start, start + LENGTH));
      if (id.isEmpty()) {
        return Optional.empty();
      }
      ids[i] = id.get();
    }
    return Optional.of(ids);
  }

  /** The id in a text, absent unless it is exactly what {@link #of} makes of one. */
  public static Optional<UUID> parse(String prefix, String text) {
    return parse(prefix, text, 1).map(ids -> ids[0]);
  }

  private static String encode(UUID id) {
    char[] text = new char[LENGTH];
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS.charAt((int) (low & 31));
      low = low >>> 5 | high << 59;
      high >>>= 5;
    }
    return new String(text);
  }

  private static Optional<UUID> decode(String text) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0 || (i == 0 && digit > 7)) {
        return Optional.empty();
      }
      high = high << 5 | low >>> 59;
      low = low << 5 | digit;
    }
    return Optional.of(new UUID(high, low));
  }
}
