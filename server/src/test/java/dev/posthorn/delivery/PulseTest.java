package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PulseTest {
  private static final UUID NODE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);
  private final Pulse pulse = new Pulse();

  @Test
  void aNodeIsSilentOnceItsBeatHasStoodStillLongerThanALease() {
    pulse.observe(Map.of(NODE, 7L), seconds(10));
    pulse.observe(Map.of(NODE, 7L), seconds(13));
    assertThat(pulse.isSilent(NODE, seconds(13.4))).isFalse();
    assertThat(pulse.isSilent(NODE, seconds(13.5))).isTrue();
    assertThat(pulse.live(seconds(13.5))).isEmpty();
    assertThat(Pulse.SILENCE).isGreaterThan(Lease.LENGTH);

    pulse.observe(Map.of(NODE, 8L), seconds(14));
    assertThat(pulse.isSilent(NODE, seconds(17.4))).isFalse();
    assertThat(pulse.beatOf(NODE)).isEqualTo(8);
  }

  @Test
  void aBeatThatWentBackMovedToo() {
    pulse.observe(Map.of(NODE, 7L), seconds(0));
    pulse.observe(Map.of(NODE, 3L), seconds(3));

    assertThat(pulse.isSilent(NODE, seconds(6))).isFalse();
  }

  @Test
  void aNodeWithoutARowIsSilent() {
    assertThat(pulse.isSilent(NODE, 0)).isTrue();
    pulse.observe(Map.of(NODE, 1L), 0);
    pulse.observe(Map.of(), 1);
    assertThat(pulse.isSilent(NODE, 2)).isTrue();
    assertThat(pulse.beatOf(NODE)).isEqualTo(-1);
  }

  @Test
  void aNodeThatCameIsSettledOnceItCanTellWhoIsDead() {
    pulse.observe(Map.of(NODE, 1L), seconds(0));
    assertThat(pulse.settled(seconds(0))).as("was there before").containsExactly(NODE);

    pulse.observe(Map.of(NODE, 2L, OTHER, 1L), seconds(3));
    pulse.observe(Map.of(NODE, 3L, OTHER, 2L), seconds(6));
    assertThat(pulse.live(seconds(6.4))).containsExactlyInAnyOrder(NODE, OTHER);
    assertThat(pulse.settled(seconds(6.4))).containsExactly(NODE);
    assertThat(pulse.settled(seconds(6.5))).containsExactlyInAnyOrder(NODE, OTHER);
  }

  @Test
  void aNodeThatCameBackHasToSettleAgain() {
    pulse.observe(Map.of(NODE, 1L), seconds(0));
    pulse.observe(Map.of(NODE, 1L), seconds(3.5));
    pulse.observe(Map.of(NODE, 2L), seconds(3.6));
    assertThat(pulse.settled(seconds(3.6))).isEmpty();

    pulse.observe(Map.of(NODE, 3L), seconds(7));
    assertThat(pulse.settled(seconds(7.1))).containsExactly(NODE);
    assertThat(pulse.settled(seconds(10.5))).as("silent again").isEmpty();
  }

  @Test
  void nobodyCameBackBecauseThisNodeDidNotListen() {
    pulse.observe(Map.of(NODE, 1L), seconds(0));
    pulse.observe(Map.of(NODE, 9L), seconds(10));

    assertThat(pulse.settled(seconds(10))).containsExactly(NODE);
  }

  private static long seconds(double seconds) {
    return (long) (seconds * Duration.ofSeconds(1).toNanos());
  }
}
