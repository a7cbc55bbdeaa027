package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Run;
import dev.posthorn.benchmarks.figure.Summary;
import dev.posthorn.benchmarks.figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What the scenarios settle, as shares of the limits of this machine. */
record Shares(List<List<String>> rows) {

  /**
   * @param rate deliveries a second, given the requests to the API that each takes
   */
  private record Limit(String name, BiFunction<Run, Double, OptionalDouble> rate) {}

  /** A head, a row of the limits themselves, and one for each scenario with a steady load. */
  static Shares of(Results results, int cores) {
    List<Limit> limits =
        List.of(
            new Limit(Limits.INGEST, (run, requests) -> Limits.bare(run, Limits.INGEST, requests)),
            new Limit(Limits.HTTP, (run, requests) -> Limits.bare(run, Limits.HTTP, 1)),
            new Limit(Limits.DATABASE, (run, requests) -> Limits.bare(run, Limits.DATABASE, 1)),
            new Limit(
                "the parts on " + cores + " cores",
                (run, requests) -> Limits.together(run, cores, requests)),
            new Limit("and the load", (run, requests) -> Limits.withLoad(run, cores, requests)));
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("settled as a share of", limits, Limit::name));
    rows.add(
        row(
            "(limit, /s, a request each)",
            limits,
            limit -> text(results, run -> limit.rate().apply(run, 1.0), Unit.PER_SECOND)));
    for (String scenario : results.flatOut()) {
      rows.add(row(scenario, limits, limit -> share(results, scenario, limit)));
    }
    return new Shares(rows);
  }

  private static String share(Results results, String scenario, Limit limit) {
    return text(results, run -> share(run, scenario, limit), Unit.RATIO);
  }

  private static OptionalDouble share(Run run, String scenario, Limit limit) {
    OptionalDouble requests = run.get(scenario, Quantity.REQUESTS);
    return requests.isEmpty()
        ? requests
        : Limits.share(run, scenario, limit.rate().apply(run, requests.getAsDouble()));
  }

  private static String text(Results results, Function<Run, OptionalDouble> figure, Unit unit) {
    Optional<Summary> summary = results.over(figure);
    return summary.map(found -> unit.number(found.median())).orElse("");
  }

  private static List<String> row(String name, List<Limit> limits, Function<Limit, String> cell) {
    List<String> row = new ArrayList<>(List.of(name));
    limits.forEach(limit -> row.add(cell.apply(limit)));
    return row;
  }
}
