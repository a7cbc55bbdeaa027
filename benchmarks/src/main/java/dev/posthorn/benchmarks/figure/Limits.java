package dev.posthorn.benchmarks.figure;

import java.util.Arrays;
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

  private static final double MICROS = 1e6;

  private Limits() {}

  /**
   * Deliveries a second with all cores doing the three parts and nothing else.
   *
   * @param requests to the API a delivery: 1 where each request makes one, less where it makes more
   */
  public static OptionalDouble together(Run run, int cores, double requests) {
    return rate(
        cores,
        times(requests, run.get(INGEST, Quantity.PART_CPU)),
        run.get(HTTP, Quantity.PART_CPU),
        run.get(DATABASE, Quantity.PART_CPU));
  }

  /** The same with the generator and the receiver on these cores too, as they are. */
  public static OptionalDouble withLoad(Run run, int cores, double requests) {
    return rate(
        cores,
        times(requests, run.get(INGEST, Quantity.PART_CPU)),
        times(requests, run.get(GENERATOR, Quantity.GENERATOR_CPU)),
        run.get(HTTP, Quantity.PART_CPU),
        run.get(HTTP, Quantity.RECEIVER_CPU),
        run.get(DATABASE, Quantity.PART_CPU));
  }

  /** Of processor times in microseconds; absent unless all are there. */
  private static OptionalDouble rate(int cores, OptionalDouble... micros) {
    OptionalDouble sum =
        Arrays.stream(micros)
            .reduce(OptionalDouble.of(0), (left, right) -> Run.both(left, right, Double::sum));
    return times(cores * MICROS, inverse(sum));
  }

  private static OptionalDouble times(double factor, OptionalDouble figure) {
    return Run.both(OptionalDouble.of(factor), figure, (left, right) -> left * right);
  }

  private static OptionalDouble inverse(OptionalDouble figure) {
    return Run.both(OptionalDouble.of(1), figure, (one, other) -> one / other);
  }

  /** Deliveries a second that a bare loop's rate allows, if each costs it so many turns. */
  public static OptionalDouble bare(Run run, String loop, double turns) {
    return times(1 / turns, run.get(loop, Quantity.RATE));
  }

  /** What a scenario settles as a share of a limit. */
  public static OptionalDouble share(Run run, String scenario, OptionalDouble limit) {
    return Run.both(run.get(scenario, Quantity.SETTLED), limit, (rate, most) -> rate / most);
  }
}
