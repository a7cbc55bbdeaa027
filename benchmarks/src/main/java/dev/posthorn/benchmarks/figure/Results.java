package dev.posthorn.benchmarks.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * All runs.
 *
 * @param setting where and of what they were made: name and value
 * @param quick whether they were too short to mean anything
 * @param runs in their order
 * @param failures scenarios that could not be measured, and why
 */
public record Results(
    Map<String, String> setting, boolean quick, List<Run> runs, List<String> failures) {

  /** Names of the scenarios, in their order. */
  public List<String> scenarios() {
    return runs.stream().flatMap(run -> run.scenarios().keySet().stream()).distinct().toList();
  }

  /** Those whose load is as much as is taken. */
  public List<String> flatOut() {
    return scenarios().stream()
        .filter(scenario -> of(scenario, Quantity.BACKLOG).isPresent())
        .toList();
  }

  /** The quantities that a scenario measured in any run. */
  public List<Quantity> quantities(String scenario) {
    return Arrays.stream(Quantity.values())
        .filter(quantity -> of(scenario, quantity).isPresent())
        .toList();
  }

  public Optional<Summary> of(String scenario, Quantity quantity) {
    return over(run -> run.get(scenario, quantity));
  }

  /** A figure that is computed within each run, so that what it compares saw the same machine. */
  public Optional<Summary> over(Function<Run, OptionalDouble> figure) {
    List<Double> values = new ArrayList<>();
    runs.forEach(run -> figure.apply(run).ifPresent(values::add));
    return Summary.of(values);
  }
}
