package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final long WINDOW = 1000;

  /** The rule itself, written the slow way, decides what the window should have said. */
  @Test
  void letsThroughExactlyWhatTheRuleAllowsWheneverRequestsCome() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int limit = 1 + random.nextInt(40);
      RateWindow window = new RateWindow(limit, WINDOW);
      List<Long> let = new ArrayList<>();
      long now = random.nextLong(); // a nanosecond clock may begin anywhere, and wrap
      for (int request = 0; request < 500; request++) {
        now += random.nextInt(random.nextBoolean() ? 5 : 200);
        long at = now;
        long inWindow = let.stream().filter(time -> at - time < WINDOW).count();

        assertThat(window.remaining(now)).as("seed %s", seed).isEqualTo((int) (limit - inWindow));
        boolean allowed = window.take(now);

        assertThat(allowed).as("seed %s", seed).isEqualTo(inWindow < limit);
        if (allowed) {
          let.add(now);
        }
      }
    }
  }

  @Test
  void saysWhenTheNextIsLetThrough() {
    RateWindow window = new RateWindow(2, WINDOW);
    window.take(10);
    window.take(300);

    assertThat(window.untilNext(400)).isEqualTo(610);
    assertThat(window.take(400 + 609)).isFalse();
    assertThat(window.take(400 + 610)).isTrue();
    assertThat(window.isEmpty(5000)).isTrue();
    assertThat(window.untilNext(5000)).isZero();
  }
}
