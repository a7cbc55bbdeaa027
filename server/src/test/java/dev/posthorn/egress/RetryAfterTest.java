package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-23T18:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | PT2M",
        "0 | PT0S",
        "' 7 ' | PT7S",
        "86400 | PT24H",
        "86401 | PT24H",
        "999999999999999999999999 | PT24H",
        "Mon, 23 Nov 2026 18:02:00 GMT | PT2M",
        "Monday, 23-Nov-26 18:02:00 GMT | PT2M",
        "Mon Nov 23 18:02:00 2026 | PT2M",
        "Thu Dec  3 18:02:00 2026 | PT24H",
        "Fri, 23 Nov 2040 18:00:00 GMT | PT24H",
      })
  void obeysSecondsAndDatesUpToADay(String value, Duration wait) {
    assertThat(RetryAfter.parse(value, NOW)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-5",
        "+5",
        "abc",
        "1e9",
        "120.5",
        "120,5",
        "0x10",
        "１２０",
        "120 s",
        "Mon, 23 Nov 2026 17:59:59 GMT",
        "Mon, 23 Nov 2026 18:00:00 GMT",
        "Tue, 23 Nov 2026 18:02:00 GMT",
        "2026-11-23T18:02:00Z",
        "Mon, 32 Nov 2026 18:02:00 GMT"
      })
  void ignoresWhatItCannotReadAndWhatHasPassed(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }

  @Test
  void ignoresEndlessValues() {
    assertThat(RetryAfter.parse("1".repeat(65), NOW)).isEmpty();
  }

  @Test
  void obeysTheLongestOfTwo() {
    assertThat(RetryAfter.longest(List.of("60", "120", "abc"), NOW))
        .contains(Duration.ofMinutes(2));
    assertThat(RetryAfter.longest(List.of(), NOW)).isEmpty();
  }
}
