package dev.posthorn.crash;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of looking whether a promise was kept.
 *
 * @param numbers how much was looked at
 * @param broken each case in which it was not; a few of many
 */
record Finding(String promise, String numbers, long violations, List<String> broken) {
  private static final int SHOWN = 20;

  /** Collects cases. */
  static final class Cases {
    private final List<String> shown = new ArrayList<>();
    private long count;

    @FormatMethod
    void add(String format, Object... arguments) {
      count++;
      if (shown.size() < SHOWN) {
        shown.add(String.format(format, arguments));
      }
    }

    @FormatMethod
    Finding of(String promise, @FormatString String numbers, Object... arguments) {
      return new Finding(promise, String.format(numbers, arguments), count, List.copyOf(shown));
    }
  }
}
