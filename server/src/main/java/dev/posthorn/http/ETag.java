package dev.posthorn.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Strong entity tags (RFC 9110, section 8.8.3): the same tag means the same bytes. */
public final class ETag {
  private ETag() {}

  /** The tag of a body, quoted as the header wants it: 96 bits of its SHA-256. */
  public static String of(byte[] body) {
    byte[] hash = sha256().digest(body);
    byte[] start = java.util.Arrays.copyOf(hash, 12);
    return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"';
  }

  /**
   * Whether a list of tags, as in {@code If-None-Match}, names this one. {@code *} names every tag.
   * Comparison is weak: {@code W/"x"} counts as {@code "x"}.
   */
  static boolean anyOf(String list, String tag) {
    return names(list, tag) || names(list, "W/" + tag);
  }

  /** The same for {@code If-Match}, where comparison is strong: a weak tag never matches. */
  static boolean strongAnyOf(String list, String tag) {
    return names(list, tag);
  }

  private static boolean names(String list, String tag) {
    if (list.strip().equals("*")) {
      return true;
    }
    for (String one : list.split(",", -1)) {
      if (one.strip().equals(tag)) {
        return true;
      }
    }
    return false;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
