package dev.posthorn.benchmarks.figure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;

/**
 * Every scenario once: figures that were measured one soon after the other, and may be compared.
 */
public final class Run {
  private final Map<String, Figures> scenarios = new LinkedHashMap<>();

  public void add(String scenario, Figures figures) {
    scenarios.put(scenario, figures);
  }

  /** What a scenario measured; nothing when it did not run. */
  public Figures of(String scenario) {
    return scenarios.getOrDefault(scenario, Figures.NONE);
  }

  public OptionalDouble get(String scenario, Quantity quantity) {
    return of(scenario).get(quantity);
  }

  /** In the order in which they ran. */
  public Map<String, Figures> scenarios() {
    return Collections.unmodifiableMap(scenarios);
  }

  /** Of two figures one; absent unless both are there. */
  public static OptionalDouble both(
      OptionalDouble left, OptionalDouble right, DoubleBinaryOperator of) {
    return left.isPresent() && right.isPresent()
        ? OptionalDouble.of(of.applyAsDouble(left.getAsDouble(), right.getAsDouble()))
        : OptionalDouble.empty();
  }
}
