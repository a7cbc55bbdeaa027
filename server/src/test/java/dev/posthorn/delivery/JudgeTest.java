package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.FailureClass;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JudgeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RetrySchedule SCHEDULE =
      new RetrySchedule(List.of(Duration.ofSeconds(5), Duration.ofSeconds(50)), 0);
  private final Judge judge = new Judge(SCHEDULE, new Random(1), () -> NOW);

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void every2xxIsSuccess(int status) {
    assertThat(judged(0, answered(status)).verdict()).isEqualTo(new Verdict.Succeeded());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 304, 307, 400, 401, 404, 409, 413, 422, 429, 500, 502, 503, 599})
  void everythingElseIsRepeatedBySchedule(int status) {
    assertThat(judged(0, answered(status)).verdict())
        .isEqualTo(new Verdict.Retry(NOW.plusSeconds(5), 1));
    assertThat(judged(1, answered(status)).verdict())
        .isEqualTo(new Verdict.Retry(NOW.plusSeconds(50), 2));
    assertThat(judged(2, answered(status)).verdict()).isEqualTo(new Verdict.GaveUp(3));
  }

  @Test
  void goneEndsTheWebhook() {
    assertThat(judged(0, answered(410)).verdict()).isEqualTo(new Verdict.Gone(1));
  }

  @Test
  void tooManyRequestsAndUnavailableMayAskForAPauseAndNobodyElse() {
    Verdict.WithPause asked = judged(0, answered(429, "120"));
    assertThat(asked.pause()).isEqualTo(Duration.ofMinutes(2));
    assertThat(asked.verdict()).isEqualTo(new Verdict.Retry(NOW.plusSeconds(120), 1));
    assertThat(judged(0, answered(503, "2")).verdict())
        .isEqualTo(new Verdict.Retry(NOW.plusSeconds(5), 1));
    assertThat(judged(0, answered(500, "120")).pause()).isZero();
    assertThat(judged(0, answered(200, "120")).pause()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "abc", "1e9", "", "Thu, 01 Jan 1970 00:00:00 GMT"})
  void aPauseThatMakesNoSenseIsNone(String value) {
    assertThat(judged(0, answered(429, value)).pause()).isZero();
  }

  @Test
  void aPauseIsAtMostADay() {
    assertThat(judged(0, answered(429, "99999999")).pause()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void noAnswerIsAFailure() {
    Exchange failed = new Exchange.Failed(FailureClass.DEADLINE, "too slow", true, timings());

    assertThat(judged(0, failed).verdict()).isEqualTo(new Verdict.Retry(NOW.plusSeconds(5), 1));
    assertThat(judged(2, failed).verdict()).isEqualTo(new Verdict.GaveUp(3));
  }

  private Verdict.WithPause judged(int step, Exchange exchange) {
    Delivery delivery =
        new Delivery(new UUID(0, 1), "test.event", new byte[0], false, step, step, step > 0, NOW);
    return judge.judge(delivery, exchange, NOW);
  }

  private static Exchange answered(int status, String... retryAfter) {
    return new Exchange.Answered(
        status,
        new ResponseCapture(new byte[0], new byte[0], false, false),
        List.of(retryAfter),
        timings());
  }

  private static Timings timings() {
    return new Timings(null, null, null, null, Duration.ZERO, 0);
  }
}
