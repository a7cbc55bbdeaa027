package dev.posthorn.benchmarks.figure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What a scenario measured, once. Immutable. */
public final class Figures {
  /** Nothing measured yet. */
  public static final Figures NONE = new Figures(new EnumMap<>(Quantity.class));

  private final EnumMap<Quantity, Double> values;

  private Figures(EnumMap<Quantity, Double> values) {
    this.values = values;
  }

  /**
   * The same and one more; a number that is none (nothing came of which it is a share) is left out.
   */
  public Figures with(Quantity quantity, double value) {
    if (!Double.isFinite(value)) {
      return this;
    }
    EnumMap<Quantity, Double> more = new EnumMap<>(values);
    more.put(quantity, value);
    return new Figures(more);
  }

  /** The same, of a count. */
  public Figures with(Quantity quantity, long count) {
    return with(quantity, (double) count);
  }

  public OptionalDouble get(Quantity quantity) {
    Double value = values.get(quantity);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** All of them, in the order of the quantities. */
  public Map<Quantity, Double> all() {
    return Collections.unmodifiableMap(values);
  }
}
