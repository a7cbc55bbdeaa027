package dev.posthorn.benchmarks.figure;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What this machine could do if Posthorn were nothing but the parts that it is made of: the bare
 * loops over them, measured in the same run.
 */
public final class Limits {
  /** Bare loops: {@code RATE} a second, {@code PART_CPU} each. */
  public static final String INGEST = "raw-ingest";

  public static final String HTTP = "raw-http";
  public static final String DATABASE = "raw-postgres";
  public static final String GENERATOR = "limit-generator";

  private static final List<String> PARTS = List.of(INGEST, HTTP, DATABASE);
  private static final double MICROS = 1e6;

  private Limits() {}

  /** Events a second with all cores doing the three parts and nothing else; 2 cores: 2 / sum. */
  public static OptionalDouble together(Run run, int cores) {
    double micros = 0;
    for (String part : PARTS) {
      OptionalDouble one = run.get(part, Quantity.PART_CPU);
      if (one.isEmpty()) {
        return one;
      }
      micros += one.getAsDouble();
    }
    return OptionalDouble.of(cores * MICROS / micros);
  }

  /** The same with the generator and the receiver on these cores too, as they are. */
  public static OptionalDouble withLoad(Run run, int cores) {
    OptionalDouble load =
        Run.both(
            run.get(GENERATOR, Quantity.GENERATOR_CPU),
            run.get(HTTP, Quantity.RECEIVER_CPU),
            Double::sum);
    return Run.both(
        together(run, cores),
        load,
        (rate, micros) -> cores * MICROS / (cores * MICROS / rate + micros));
  }

  /** What a scenario settles as a share of a limit. */
  public static OptionalDouble share(Run run, String scenario, OptionalDouble limit) {
    return Run.both(run.get(scenario, Quantity.SETTLED), limit, (rate, most) -> rate / most);
  }
}
