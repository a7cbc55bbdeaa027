package dev.posthorn.benchmarks.figure;

import java.util.List;
import java.util.Optional;

/** One figure over several runs. */
public record Summary(double median, double least, double most, int runs) {

  /** Empty when nothing was measured. */
  public static Optional<Summary> of(List<Double> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    return Optional.of(
        new Summary(median(sorted), sorted.getFirst(), sorted.getLast(), sorted.size()));
  }

  private static double median(List<Double> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
