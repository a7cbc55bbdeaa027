package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ShardShareTest {
  @Test
  void sharesAreEvenAndAddUpWhoeverCountsThem() {
    Seeds.forEach(
        200,
        random -> {
          List<UUID> nodes = new ArrayList<>();
          for (int node = 1 + random.nextInt(40); node > 0; node--) {
            nodes.add(new UUID(random.nextLong(), random.nextLong()));
          }
          int[] shares = nodes.stream().mapToInt(node -> ShardShare.of(node, nodes, 256)).toArray();

          int sum = 0;
          for (int share : shares) {
            assertThat(share).isBetween(256 / nodes.size(), 256 / nodes.size() + 1);
            sum += share;
          }
          assertThat(sum).isEqualTo(256);
        });
  }

  @Test
  void aNewNodeCountsItself() {
    UUID self = new UUID(0, 1);

    assertThat(ShardShare.of(self, List.of(), 256)).isEqualTo(256);
    assertThat(ShardShare.of(self, List.of(new UUID(0, 2)), 256)).isEqualTo(128);
  }
}
