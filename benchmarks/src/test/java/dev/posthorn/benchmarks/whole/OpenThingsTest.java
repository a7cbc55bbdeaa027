package dev.posthorn.benchmarks.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenThingsTest {
  private final List<String> closed = new ArrayList<>();
  private final OpenThings things = new OpenThings();

  @Test
  void areClosedOnceAndInTheOppositeOrderWhateverOneOfThemThrows() throws Exception {
    things.open(() -> () -> closed.add("first"));
    AutoCloseable _ =
        things.open(() ->
            () -> {
              closed.add("second");
              throw new IllegalStateException("no");
            });
    things.open(() -> () -> closed.add("third"));

    things.close();
    things.close();

    assertThat(closed).containsExactly("third", "second", "first");
  }
}
