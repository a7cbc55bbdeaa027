package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdTextTest {
  @Test
  void readsWhatItWritesAndSortsLikeTheIds() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      UUID one = new UUID(random.nextLong(), random.nextLong());
      UUID two = new UUID(random.nextLong(), random.nextLong());
      String text = IdText.of("evt_", one);

      assertThat(text).matches("evt_[0-7][0-9a-hjkmnp-tv-z]{25}");
      assertThat(IdText.parse("evt_", text)).contains(one);
      assertThat(IdText.parse("dlv_", IdText.of("dlv_", one, two), 2).orElseThrow())
          .containsExactly(one, two);
      assertThat(Integer.signum(text.compareTo(IdText.of("evt_", two))))
          .isEqualTo(Integer.signum(one.toString().compareTo(two.toString())));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evt_",
        "evt_0000000000000000000000000",
        "evt_000000000000000000000000000",
        "evt_80000000000000000000000000",
        "evt_0000000000000000000000000i",
        "evt_0000000000000000000000000A",
        "evt_0000000000000000000000000 ",
        "EVT_00000000000000000000000000",
        "dlv_00000000000000000000000000",
        "evt_0000000000000000000000000\u0660"
      })
  void refusesEverythingElse(String text) {
    assertThat(IdText.parse("evt_", text)).isEmpty();
  }

  @Test
  void takesTheFirstAndTheLast() {
    assertThat(IdText.parse("", "00000000000000000000000000")).contains(new UUID(0, 0));
    assertThat(IdText.parse("", "7zzzzzzzzzzzzzzzzzzzzzzzzz")).contains(new UUID(-1, -1));
  }
}
