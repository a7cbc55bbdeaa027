package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorsTest {
  private final Cursors cursors =
      new Cursors("0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

  @Test
  void opensWhatItSealed() {
    assertThat(cursors.open(1, "events", cursors.seal(1, "events", "plätze|7")))
        .contains("plätze|7");
    assertThat(cursors.open(1, "events", cursors.seal(1, "events", ""))).contains("");
  }

  @Test
  void opensOnlyForTheSameAccountListAndKey() {
    String cursor = cursors.seal(1, "events", "7");

    assertThat(cursors.open(2, "events", cursor)).isEmpty();
    assertThat(cursors.open(1, "deliveries", cursor)).isEmpty();
    assertThat(new Cursors(new byte[16]).open(1, "events", cursor)).isEmpty();
    assertThat(cursors.open(1, "event", cursors.seal(1, "events", "7"))).isEmpty();
    assertThat(cursors.open(1, "a", cursors.seal(1, "", "a"))).isEmpty();
  }

  @Test
  void noticesEveryChangedCharacter() {
    String cursor = cursors.seal(1, "events", "0190f3c2-1");
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int at = 0; at < cursor.length() - 1; at++) {
      char other = (char) ('A' + random.nextInt(26));
      String changed = cursor.substring(0, at) + other + cursor.substring(at + 1);
      if (!changed.equals(cursor)) {
        assertThat(cursors.open(1, "events", changed)).as("seed %s, %s", seed, changed).isEmpty();
      }
    }
  }
}
