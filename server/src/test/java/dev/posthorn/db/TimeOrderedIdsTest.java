package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TimeOrderedIdsTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00.123456Z");
  private final TimeOrderedIds ids = new TimeOrderedIds(() -> now, new Random(1));

  @Test
  void strictlyIncreaseThoughTheClockStandsStillOrGoesBack() {
    Random random = new Random(2);
    UUID last = new UUID(0, 0);
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(10) == 0) {
        now = now.plusNanos(random.nextLong(-3_000_000, 3_000_000));
      }
      UUID next = ids.next();
      assertThat(next.toString()).isGreaterThan(last.toString()); // PostgreSQL's order
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  void haveTheLayoutOfVersion7() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
    assertThat(TimeOrderedIds.momentOf(id)).isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));
    assertThat(id.getMostSignificantBits() & 0xFFF).isEqualTo(456 * 4096 / 1000);
  }

  @Test
  void theLowestIdOfAMomentSortsBeforeAllMadeThenAndAfterAllMadeBefore() {
    UUID before = ids.next();
    now = now.plusMillis(1);
    UUID lowest = TimeOrderedIds.lowestAt(now);
    UUID after = ids.next();

    assertThat(before.toString()).isLessThan(lowest.toString());
    assertThat(lowest.toString()).isLessThan(after.toString());
  }
}
