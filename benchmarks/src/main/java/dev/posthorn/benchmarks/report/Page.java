package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Budget;
import dev.posthorn.benchmarks.figure.Budgets;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results as one HTML page. */
record Page(Results results, int cores) {

  /**
   * The page.
   *
   * @param template with {@code {{names}}} where the parts go
   */
  String html(String template) {
    Charts charts = new Charts(results, cores);
    return template
        .replace("{{summary}}", summary())
        .replace("{{warning}}", warning())
        .replace("{{budgets}}", budgets())
        .replace("{{rates}}", charts.rates().svg())
        .replace("{{processor}}", charts.processor().svg())
        .replace("{{latencies}}", charts.latencies().svg())
        .replace("{{shares}}", Html.table(Shares.of(results, cores).rows()))
        .replace("{{figures}}", figures())
        .replace("{{facts}}", facts());
  }

  private String summary() {
    long met = count(Verdict.MET);
    return Html.text(
        "%d of %d budgets met, %d missed, %d not measured; medians of %d %s."
            .formatted(
                met,
                Budgets.ALL.size(),
                count(Verdict.MISSED),
                Budgets.ALL.size() - met - count(Verdict.MISSED),
                results.runs().size(),
                results.runs().size() == 1 ? "run" : "runs"));
  }

  private long count(Verdict verdict) {
    return Budgets.ALL.stream().filter(each -> Verdict.of(each, results) == verdict).count();
  }

  private String warning() {
    List<String> lines = new ArrayList<>(results.failures());
    if (results.quick()) {
      lines.addFirst("A quick run: it shows that everything works, and measures nothing.");
    }
    return lines.stream()
        .map(line -> Html.element("p", "warning", Html.text(line)))
        .collect(Collectors.joining());
  }

  private String budgets() {
    return Budgets.ALL.stream().map(this::budget).collect(Collectors.joining("\n"));
  }

  private String budget(Budget budget) {
    Verdict verdict = Verdict.of(budget, results);
    String measured = budget.medians(results);
    String range = budget.ranges(results);
    return Html.element(
        "li",
        verdict.name().toLowerCase(Locale.ROOT),
        Html.element("span", "verdict", Html.text(words(verdict)))
            + Html.element("span", "what", Html.text(budget.what()))
            + Html.element("span", "bar", Html.text(budget.bar()))
            + Html.element("span", "measured", Html.text(measured.isEmpty() ? "–" : measured))
            + Html.element("span", "spread", Html.text(range)));
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case MET -> "✓ met";
      case MISSED -> "✗ missed";
      case NOT_MEASURED -> "not measured";
      case QUICK -> "quick run";
    };
  }

  private String figures() {
    return results.scenarios().stream().map(this::figures).collect(Collectors.joining("\n"));
  }

  private String figures(String scenario) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("figure", "median", "least", "most", "what it is"));
    for (Quantity quantity : results.quantities(scenario)) {
      results.of(scenario, quantity).ifPresent(found -> rows.add(row(quantity, found)));
    }
    return "<details><summary>%s</summary>%s</details>"
        .formatted(Html.text(scenario), Html.table(rows));
  }

  private static List<String> row(Quantity quantity, Summary summary) {
    return List.of(
        quantity.label(),
        quantity.unit().text(summary.median()),
        quantity.unit().number(summary.least()),
        quantity.unit().number(summary.most()),
        quantity.meaning());
  }

  private String facts() {
    return results.setting().entrySet().stream()
        .map(fact ->
            "<dt>%s</dt><dd>%s</dd>"
                .formatted(Html.text(fact.getKey()), Html.text(fact.getValue())))
        .collect(Collectors.joining("\n"));
  }
}
