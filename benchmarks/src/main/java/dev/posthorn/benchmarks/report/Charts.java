package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Budgets;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Summary;
import dev.posthorn.benchmarks.figure.Unit;
import java.util.List;
import java.util.Optional;

/** What of the results is drawn. */
record Charts(Results results, int cores) {
  private static final List<Quantity> RECEIVE =
      List.of(Quantity.RECEIVE_P50, Quantity.RECEIVE_P99, Quantity.RECEIVE_P999);

  /** Scenarios that run as fast as they can, and the bare loops above them. */
  BarChart rates() {
    BarChart chart = new BarChart("Deliveries a second, and what the bare parts can do");
    add(
        chart,
        "limit of the parts on " + cores + " cores, a request each",
        results.over(run -> Limits.together(run, cores, 1)),
        Optional.empty());
    for (String scenario : results.flatOut()) {
      Optional<Double> goal = Optional.ofNullable(Budgets.RATES.get(scenario));
      add(chart, scenario, results.of(scenario, Quantity.SETTLED), goal);
    }
    for (String scenario : List.of("drain-10k", "drain-1m", "drain-snapshot")) {
      add(chart, scenario, results.of(scenario, Quantity.RATE), Optional.empty());
    }
    return chart;
  }

  private static void add(
      BarChart chart, String label, Optional<Summary> measured, Optional<Double> goal) {
    measured.ifPresent(rate ->
        chart.add(
            new BarChart.Row(
                label,
                Unit.PER_SECOND.text(rate.median()),
                List.of(rate.median()),
                measured,
                goal)));
  }

  /** Processor time of a delivery: Posthorn's and PostgreSQL's. */
  BarChart processor() {
    BarChart chart = new BarChart("Processor time of a delivery");
    for (String scenario : results.scenarios()) {
      Optional<Summary> all = results.of(scenario, Quantity.CPU);
      if (all.isPresent()) {
        double posthorn = median(scenario, Quantity.POSTHORN_CPU);
        double postgres = median(scenario, Quantity.POSTGRES_CPU);
        chart.add(
            new BarChart.Row(
                scenario,
                Unit.MICROS.number(posthorn) + " + " + Unit.MICROS.text(postgres),
                List.of(posthorn, postgres),
                Optional.empty(),
                Optional.ofNullable(Budgets.PROCESSOR.get(scenario))));
      }
    }
    return chart;
  }

  /** From the request to the receiver. */
  LatencyChart latencies() {
    LatencyChart chart = new LatencyChart("From the request to the receiver");
    for (String scenario : results.scenarios()) {
      if (RECEIVE.stream().allMatch(each -> results.of(scenario, each).isPresent())) {
        List<Double> millis = RECEIVE.stream().map(each -> median(scenario, each)).toList();
        chart.add(new LatencyChart.Row(scenario, LatencyChart.words(millis), millis));
      }
    }
    return chart;
  }

  private double median(String scenario, Quantity quantity) {
    return results.of(scenario, quantity).map(Summary::median).orElse(0.0);
  }
}
