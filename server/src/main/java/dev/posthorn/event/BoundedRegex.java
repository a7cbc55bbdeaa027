package dev.posthorn.event;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/**
 * A customer's regular expression, matched in bounded time: patterns such as {@code (a+)+\1b} would
 * otherwise try for years.
 */
final class BoundedRegex implements RegularExpression {
  private static final int MOST_READS = 1_000_000;

  private final Pattern pattern;

  /**
   * @throws java.util.regex.PatternSyntaxException if it is none
   */
  BoundedRegex(String regex) {
    this.pattern = Pattern.compile(regex);
  }

  /** Whether it matches anywhere in the text, as JSON Schema has it. */
  @Override
  public boolean matches(String text) {
    return pattern.matcher(new CountedText(text, new int[] {MOST_READS})).find();
  }

  /** Every try of the matcher reads a character: no reads, no time. */
  private record CountedText(CharSequence text, int[] left) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw ValidationBudget.exceeded();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
