package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InstantQueueTest {
  @Test
  void isASortedListWhateverIsAddedAndRemoved() {
    Seeds.forEach(
        300,
        random -> {
          InstantQueue queue = new InstantQueue();
          List<Instant> list = new ArrayList<>();
          for (int step = 0; step < 400; step++) {
            Instant moment = Instant.ofEpochSecond(0, random.nextLong(1_000_000) * 1_000);
            if (random.nextInt(4) > 0) {
              queue.add(moment);
              list.add(moment);
              Collections.sort(list);
            } else {
              Instant until = moment.minusMillis(random.nextInt(900));
              queue.removeUntil(until);
              list.removeIf(kept -> !kept.isAfter(until));
            }
            assertThat(queue.size()).isEqualTo(list.size());
            if (!list.isEmpty()) {
              int position = random.nextInt(list.size());
              assertThat(queue.get(position)).isEqualTo(list.get(position));
            }
          }
        });
  }
}
