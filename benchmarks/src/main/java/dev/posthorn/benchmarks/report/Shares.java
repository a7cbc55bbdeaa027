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
import java.util.function.Function;

/** What the scenarios settle, as shares of the limits of this machine. */
record Shares(List<List<String>> rows) {

  private record Limit(String name, Function<Run, OptionalDouble> rate) {}

  /** A head, a row of the limits themselves, and one for each scenario with a steady load. */
  static Shares of(Results results, int cores) {
    List<Limit> limits =
        List.of(
            bare(Limits.INGEST),
            bare(Limits.HTTP),
            bare(Limits.DATABASE),
            new Limit("the parts on " + cores + " cores", run -> Limits.together(run, cores)),
            new Limit("and the load", run -> Limits.withLoad(run, cores)));
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("settled as a share of", limits, Limit::name));
    rows.add(row("(limit, /s)", limits, limit -> text(results, limit.rate(), Unit.PER_SECOND)));
    results.scenarios().stream()
        .filter(scenario -> results.of(scenario, Quantity.BACKLOG).isPresent())
        .filter(scenario -> !scenario.startsWith("latency"))
        .forEach(
            scenario -> rows.add(row(scenario, limits, limit -> share(results, scenario, limit))));
    return new Shares(rows);
  }

  private static Limit bare(String scenario) {
    return new Limit(scenario, run -> run.get(scenario, Quantity.RATE));
  }

  private static String share(Results results, String scenario, Limit limit) {
    return text(results, run -> Limits.share(run, scenario, limit.rate().apply(run)), Unit.RATIO);
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
