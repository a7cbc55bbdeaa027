package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class InFlightLimitTest {
  @Test
  void isAFifteenthOfTheRateLimitAtMostSoThatACrashDoesNotUseItUp() {
    assertThat(InFlightLimit.ceiling(32, 1)).isEqualTo(1);
    assertThat(InFlightLimit.ceiling(32, 29)).isEqualTo(1);
    assertThat(InFlightLimit.ceiling(32, 30)).isEqualTo(2);
    assertThat(InFlightLimit.ceiling(32, 60)).isEqualTo(4);
    assertThat(InFlightLimit.ceiling(32, 480)).isEqualTo(32);
    assertThat(InFlightLimit.ceiling(32, 1_000_000)).isEqualTo(32);
    assertThat(InFlightLimit.ceiling(5, 1_000_000)).isEqualTo(5);
  }

  @Test
  void whatMayBeUnrecordedIsTwiceWhatIsInFlightButNeverMoreThanTheRateLimit() {
    assertThat(InFlightLimit.mostUnrecorded(32, 1)).isEqualTo(1);
    assertThat(InFlightLimit.mostUnrecorded(32, 60)).isEqualTo(8);
    assertThat(InFlightLimit.mostUnrecorded(32, 1_000_000)).isEqualTo(64);
    assertThat(InFlightLimit.mostUnrecorded(200, 1_000_000)).isEqualTo(400);
  }

  @Test
  void growsWithAnswersAndShrinksToOneWithoutThem() {
    InFlightLimit limit = new InFlightLimit(32, 1_000);
    assertThat(limit.current()).isEqualTo(1);
    assertThat(limit.isAnswering()).isFalse();

    for (int answer = 0; answer < 10; answer++) {
      limit.answered();
    }
    assertThat(limit.current()).isEqualTo(32);
    assertThat(limit.isAnswering()).isTrue();

    for (int silence = 0; silence < 10; silence++) {
      limit.unanswered();
    }
    assertThat(limit.current()).isEqualTo(1);
    assertThat(limit.isAnswering()).isFalse();
  }

  @Test
  void staysBetweenOneAndItsCeilingWhateverHappens() {
    Seeds.forEach(
        200,
        random -> {
          int configured = 1 + random.nextInt(64);
          int rateLimit = 1 + random.nextInt(2_000);
          InFlightLimit limit = new InFlightLimit(configured, rateLimit);
          for (int step = 0; step < 200; step++) {
            switch (random.nextInt(5)) {
              case 0 -> limit.unanswered();
              case 1 -> {
                rateLimit = 1 + random.nextInt(2_000);
                limit.changeRateLimit(rateLimit);
              }
              default -> limit.answered();
            }
            assertThat(limit.current()).isBetween(1, InFlightLimit.ceiling(configured, rateLimit));
          }
        });
  }
}
