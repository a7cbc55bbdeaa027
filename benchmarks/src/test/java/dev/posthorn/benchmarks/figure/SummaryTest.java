package dev.posthorn.benchmarks.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Summary.of(List.of(9.0, 1.0, 4.0))).contains(new Summary(4, 1, 9, 3));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Summary.of(List.of(8.0, 1.0, 4.0, 2.0))).contains(new Summary(3, 1, 8, 4));
  }

  @Test
  void nothingMeasuredHasNoSummary() {
    assertThat(Summary.of(List.of())).isEmpty();
  }
}
