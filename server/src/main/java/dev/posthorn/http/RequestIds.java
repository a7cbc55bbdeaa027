package dev.posthorn.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Names requests, so that an answer and its log lines can be found by each other. A client may
 * bring its own name; ours are a prefix drawn at the start and a count, unique without a draw per
 * request.
 */
final class RequestIds {
  private static final int LONGEST = 64;

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  RequestIds(RandomGenerator random) {
    this.prefix = Long.toString(random.nextLong(1L << 40), 36) + "-";
  }

  /** What the client sent if it is 1 to 64 of {@code A-Za-z0-9._-}, or else a new name. */
  String of(@Nullable String sent) {
    return sent != null && sane(sent) ? sent : prefix + count.incrementAndGet();
  }

  private static boolean sane(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int at = 0; at < id.length(); at++) {
      if (!sane(id.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sane(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
