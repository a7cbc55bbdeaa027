package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LateHandoversTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final LateHandovers handovers = new LateHandovers();

  @Test
  void remembersForAsLongAsAHandOverIsTaken() {
    UUID event = UUID.randomUUID();
    handovers.settled(event, START.plusSeconds(5), START.plusSeconds(2));
    assertThat(handovers.contains(event)).isTrue();

    handovers.settled(UUID.randomUUID(), START.plusSeconds(9), START.plusSeconds(5));

    assertThat(handovers.contains(event)).isFalse();
  }

  @Test
  void oneThatLiesFarAheadKeepsNoneOfThoseBehindIt() {
    handovers.settled(UUID.randomUUID(), START.plusSeconds(86_400), START);
    for (int second = 0; second < 60; second++) {
      Instant now = START.plusSeconds(second);
      handovers.settled(UUID.randomUUID(), now.plusSeconds(3), now);
    }

    assertThat(handovers.size()).isLessThanOrEqualTo(5);
  }
}
