package dev.posthorn.benchmarks.figure;

import static dev.posthorn.benchmarks.figure.Budget.Side.AT_LEAST;
import static dev.posthorn.benchmarks.figure.Budget.Side.AT_MOST;

import dev.posthorn.benchmarks.figure.Budget.Check;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What Posthorn has to reach on two cores, with everything on them. */
public final class Budgets {
  /** Growth of the backlog below this share of what was delivered counts as flat. */
  private static final double FLAT = 0.01;

  /** Deliveries a second, by scenario. */
  public static final Map<String, Double> RATES =
      Map.of("single", 10_000.0, "batch", 15_000.0, "fan-out", 12_000.0, "opportunities", 6_000.0);

  /** Processor time of a delivery in microseconds, by scenario. */
  public static final Map<String, Double> PROCESSOR = Map.of("single", 150.0, "batch", 100.0);

  /** The table, row by row. */
  public static final List<Budget> ALL =
      List.of(
          new Budget(
              "events end to end (POST /events, one event of 128 bytes a request, 64–256 connections, 16 webhooks of 16 accounts → signed delivery → recorded), 2 cores, everything on them, durable",
              "≥ 10,000/s sustained, backlog flat",
              List.of(rate("single"), atMost(FLAT, "steady", Quantity.BACKLOG_GROWTH))),
          new Budget("the same, 100 events a request", "≥ 15,000/s", List.of(rate("batch"))),
          new Budget("one event to 10 webhooks", "≥ 12,000 deliveries/s", List.of(rate("fan-out"))),
          new Budget("POST /opportunities end to end", "≥ 6,000/s", List.of(rate("opportunities"))),
          new Budget(
              "CPU for one delivered event, all of Posthorn and PostgreSQL",
              "≤ 150 µs, 100 µs in batches of 100",
              List.of(processor("single"), processor("batch"))),
          new Budget(
              "request → received, at 1,000/s / at half of the sustained rate",
              "p50 ≤ 4 ms, p99 ≤ 20 ms / p50 ≤ 10 ms, p99 ≤ 50 ms",
              List.of(
                  atMost(4, "latency-1000", Quantity.RECEIVE_P50),
                  atMost(20, "latency-1000", Quantity.RECEIVE_P99),
                  atMost(10, "latency-half", Quantity.RECEIVE_P50),
                  atMost(50, "latency-half", Quantity.RECEIVE_P99))),
          new Budget(
              "healthy webhooks' p50 and p99 while another hangs for 15 s on each of 1,000 deliveries",
              "≤ 1.25 × without it",
              List.of(
                  atMost(1.25, "hanging", Quantity.P50_RATIO),
                  atMost(1.25, "hanging", Quantity.P99_RATIO))),
          new Budget(
              "drain rate with 1,000,000 waiting against 10,000 waiting",
              "≥ 0.9",
              List.of(ofRates(0.9, "drain-1m", "drain-10k"))),
          new Budget(
              "drain rate with a snapshot held open over 1,000,000 settles",
              "≥ 0.8",
              List.of(ofRates(0.8, "drain-snapshot", "drain-1m"))),
          new Budget(
              "heap while 1,000,000 wait",
              "≤ 256 MiB live",
              List.of(atMost(256, "heap-1m", Quantity.LIVE_HEAP))),
          new Budget(
              "rate limit: worst 60 s window at the receiver / used share while a backlog waits",
              "≤ limit / ≥ 0.95",
              List.of(
                  atMost(1, "rate-limit", Quantity.WORST_WINDOW),
                  atLeast(0.95, "rate-limit", Quantity.USED_SHARE))),
          new Budget(
              "acknowledged events lost over 50 kill -9s under load (docs/crash-report.md)",
              "0",
              List.of()),
          new Budget(
              "start to ready: external database / embedded, second start",
              "≤ 1.5 s / ≤ 3 s",
              List.of(
                  atMost(1.5, "start", Quantity.START_EXTERNAL),
                  atMost(3, "start", Quantity.START_EMBEDDED))),
          new Budget(
              "idle, 10,000 webhooks without events",
              "≤ 2 % of a core",
              List.of(atMost(0.02, "idle", Quantity.IDLE))));

  private Budgets() {}

  private static Check rate(String scenario) {
    return atLeast(RATES.getOrDefault(scenario, Double.NaN), scenario, Quantity.SETTLED);
  }

  private static Check processor(String scenario) {
    return atMost(PROCESSOR.getOrDefault(scenario, Double.NaN), scenario, Quantity.CPU);
  }

  private static Check atLeast(double bar, String scenario, Quantity quantity) {
    return new Check(AT_LEAST, bar, quantity.unit(), run -> run.get(scenario, quantity));
  }

  private static Check atMost(double bar, String scenario, Quantity quantity) {
    return new Check(AT_MOST, bar, quantity.unit(), run -> run.get(scenario, quantity));
  }

  private static Check ofRates(double bar, String scenario, String reference) {
    Function<Run, OptionalDouble> ratio =
        run ->
            Run.both(
                run.get(scenario, Quantity.RATE),
                run.get(reference, Quantity.RATE),
                (rate, usual) -> rate / usual);
    return new Check(AT_LEAST, bar, Unit.RATIO, ratio);
  }
}
