package dev.posthorn.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.benchmarks.figure.Budget;
import dev.posthorn.benchmarks.figure.Budgets;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Run;
import dev.posthorn.benchmarks.figure.Summary;
import java.util.Locale;

/** The results for programs: every figure of every run, medians, budgets. */
final class ResultsJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultsJson() {}

  static String text(Results results) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode setting = root.putObject("setting");
    results.setting().forEach(setting::put);
    root.put("quick", results.quick());
    units(root.putObject("units"));
    ArrayNode runs = root.putArray("runs");
    results.runs().forEach(run -> put(runs.addObject(), run));
    medians(root.putObject("scenarios"), results);
    ArrayNode budgets = root.putArray("budgets");
    Budgets.ALL.forEach(budget -> put(budgets.addObject(), budget, results));
    results.failures().forEach(root.putArray("failures")::add);
    return root.toPrettyString() + "\n";
  }

  private static void units(ObjectNode target) {
    for (Quantity quantity : Quantity.values()) {
      target.put(quantity.key(), quantity.unit().name().toLowerCase(Locale.ROOT));
    }
  }

  private static void put(ObjectNode target, Run run) {
    run.scenarios().forEach((name, figures) -> put(target.putObject(name), figures));
  }

  private static void put(ObjectNode target, Figures figures) {
    figures.all().forEach((quantity, value) -> target.put(quantity.key(), rounded(value)));
  }

  private static void medians(ObjectNode target, Results results) {
    for (String scenario : results.scenarios()) {
      ObjectNode figures = target.putObject(scenario);
      for (Quantity quantity : results.quantities(scenario)) {
        results
            .of(scenario, quantity)
            .ifPresent(summary -> put(figures.putObject(quantity.key()), summary));
      }
    }
  }

  private static void put(ObjectNode target, Summary summary) {
    target
        .put("median", rounded(summary.median()))
        .put("least", rounded(summary.least()))
        .put("most", rounded(summary.most()))
        .put("runs", summary.runs());
  }

  private static void put(ObjectNode target, Budget budget, Results results) {
    target
        .put("what", budget.what())
        .put("bar", budget.bar())
        .put("median", budget.medians(results))
        .put("range", budget.ranges(results))
        .put("verdict", Verdict.of(budget, results).name().toLowerCase(Locale.ROOT));
  }

  /** Further digits are noise. */
  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
