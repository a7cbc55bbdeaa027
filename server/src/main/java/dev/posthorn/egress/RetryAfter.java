package dev.posthorn.egress;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code Retry-After} (RFC 9110, 10.2.3): whole seconds, or a date in one of three forms. */
public final class RetryAfter {

  /** The longest wait that a receiver can ask for. */
  public static final Duration MAX = Duration.ofHours(24);

  private static final int MAX_LENGTH = 64;

  /** Numbers with more digits are far beyond the bound, and might not fit a long. */
  private static final int MAX_DIGITS = 9;

  /** The preferred form, and the two that must still be read (RFC 9110, 5.6.7). */
  private static final List<DateTimeFormatter> DATES =
      List.of(
          form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH),
          form("EEE MMM ppd HH:mm:ss yyyy"));

  private RetryAfter() {}

  /**
   * The wait that one header value asks for, at most {@link #MAX}; empty if it is no such value, or
   * the date has passed.
   */
  public static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(seconds(text))
        : date(text)
            .map(at -> Duration.between(now, at))
            .filter(Duration::isPositive)
            .map(RetryAfter::bounded);
  }

  /** The longest of the waits that the values ask for: with two headers, both are obeyed. */
  static Optional<Duration> longest(List<String> values, Instant now) {
    return values.stream()
        .map(value -> parse(value, now))
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  private static Duration seconds(String digits) {
    return digits.length() > MAX_DIGITS ? MAX : bounded(Duration.ofSeconds(Long.parseLong(digits)));
  }

  private static Duration bounded(Duration wait) {
    return wait.compareTo(MAX) > 0 ? MAX : wait;
  }

  private static Optional<Instant> date(String text) {
    return DATES.stream().map(form -> date(text, form)).flatMap(Optional::stream).findFirst();
  }

  private static Optional<Instant> date(String text, DateTimeFormatter form) {
    try {
      return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException anotherForm) {
      return Optional.empty();
    }
  }

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }
}
