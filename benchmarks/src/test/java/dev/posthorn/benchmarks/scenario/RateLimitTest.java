package dev.posthorn.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void lotsThatComeEveryMinuteUseAllOfTheLimit() {
    assertThat(RateLimit.usedShare(lots(60), 10)).isEqualTo(1);
  }

  @Test
  void theRestBetweenLotsIsNotUsed() {
    assertThat(RateLimit.usedShare(lots(75), 10)).isEqualTo(0.8);
    assertThat(RateLimit.usedShare(lots(119), 10)).isLessThan(0.51);
  }

  @Test
  void theWorstMinuteIsFoundWhereverItBegins() {
    List<Long> moments = seconds(0, 50, 70, 80, 109, 110, 111);

    assertThat(RateLimit.worstWindow(moments)).isEqualTo(5);
  }

  @Test
  void requestsAMinuteApartAreNotInOneWindow() {
    assertThat(RateLimit.worstWindow(seconds(0, 60, 120))).isEqualTo(1);
  }

  /** Ten at once, three times. */
  private static List<Long> lots(int secondsApart) {
    return LongStream.range(0, 30).mapToObj(number -> number / 10 * secondsApart * SECOND).toList();
  }

  private static List<Long> seconds(long... seconds) {
    return LongStream.of(seconds).mapToObj(each -> each * SECOND).toList();
  }
}
