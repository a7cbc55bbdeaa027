package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Budget;
import dev.posthorn.benchmarks.figure.Budgets;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The results in a terminal. */
public final class Tables {
  /** What has a column; whatever else was measured stands in the report. */
  private static final List<Quantity> COLUMNS =
      List.of(
          Quantity.ACCEPTED,
          Quantity.DELIVERED,
          Quantity.SETTLED,
          Quantity.RATE,
          Quantity.ACCEPT_P50,
          Quantity.ACCEPT_P99,
          Quantity.RECEIVE_P50,
          Quantity.RECEIVE_P99,
          Quantity.CPU,
          Quantity.LIVE_HEAP,
          Quantity.STORED,
          Quantity.WAL,
          Quantity.GENERATOR_SHARE,
          Quantity.RECEIVER_SHARE,
          Quantity.OTHERS_SHARE);

  private Tables() {}

  /** One scenario, once. */
  public static String line(String scenario, Figures figures) {
    return "  %-16s ".formatted(scenario)
        + figures.all().entrySet().stream()
            .map(figure ->
                figure.getKey().label() + " " + figure.getKey().unit().text(figure.getValue()))
            .collect(Collectors.joining(", "));
  }

  public static String facts(Map<String, String> facts) {
    TextTable table = new TextTable();
    facts.forEach((name, value) -> table.row(name + "  " + value));
    return table.text();
  }

  /** Medians of all scenarios, what they are of the machine's limits, and the budgets. */
  public static String text(Results results, int cores) {
    String hint = results.quick() ? "\nA quick run: it shows that all works, no more.\n" : "";
    return String.join(
        "\n",
        "",
        "Medians",
        medians(results),
        "Shares of what this machine could do",
        shares(results, cores),
        "Budgets",
        budgets(results),
        String.join("\n", results.failures()) + hint);
  }

  private static String medians(Results results) {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("scenario"));
    COLUMNS.forEach(
        quantity -> head.add((quantity.label() + " " + quantity.unit().symbol()).strip()));
    table.row(head);
    for (String scenario : results.scenarios()) {
      List<String> row = new ArrayList<>(List.of(scenario));
      COLUMNS.forEach(quantity ->
          row.add(
              results
                  .of(scenario, quantity)
                  .map(Summary::median)
                  .map(quantity.unit()::number)
                  .orElse("")));
      table.row(row);
    }
    return table.text();
  }

  private static String shares(Results results, int cores) {
    TextTable table = new TextTable();
    for (List<String> row : Shares.of(results, cores).rows()) {
      table.row(row);
    }
    return table.text();
  }

  private static String budgets(Results results) {
    TextTable table = new TextTable().row("met", "bar", "median", "least–most", "what");
    for (Budget budget : Budgets.ALL) {
      table.row(
          Verdict.of(budget, results).word(),
          budget.bar(),
          budget.medians(results),
          budget.ranges(results),
          budget.what());
    }
    return table.text();
  }
}
