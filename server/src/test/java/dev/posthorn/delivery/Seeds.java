package dev.posthorn.delivery;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property for many seeds, and names the seed of the run that breaks it. */
final class Seeds {
  private Seeds() {}

  static void forEach(int runs, Consumer<Random> property) {
    for (long seed = 1; seed <= runs; seed++) {
      try {
        property.accept(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("broken with seed " + seed, e);
      }
    }
  }
}
