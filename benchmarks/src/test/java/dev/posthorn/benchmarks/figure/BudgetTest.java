package dev.posthorn.benchmarks.figure;

import static dev.posthorn.benchmarks.figure.Budget.Side.AT_LEAST;
import static dev.posthorn.benchmarks.figure.Budget.Side.AT_MOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BudgetTest {
  private static final Budget FAST_AND_CHEAP =
      new Budget(
          "work",
          "≥ 100/s, ≤ 50 µs",
          List.of(
              new Budget.Check(
                  AT_LEAST, 100, Unit.PER_SECOND, run -> run.get("work", Quantity.SETTLED)),
              new Budget.Check(AT_MOST, 50, Unit.MICROS, run -> run.get("work", Quantity.CPU))));

  @Test
  void isKeptByMediansThatAreOnTheBar() {
    Results results = results(run(90, 70), run(100, 50), run(120, 10));

    assertThat(FAST_AND_CHEAP.met(results)).contains(true);
    assertThat(FAST_AND_CHEAP.medians(results)).isEqualTo("100 /s / 50 µs");
    assertThat(FAST_AND_CHEAP.ranges(results)).isEqualTo("90–120 /s / 10–70 µs");
  }

  @Test
  void isMissedWhenOneOfItsChecksIs() {
    assertThat(FAST_AND_CHEAP.met(results(run(100, 51)))).contains(false);
    assertThat(FAST_AND_CHEAP.met(results(run(99, 50)))).contains(false);
  }

  @Test
  void isNotJudgedByHalfOfItsFigures() {
    Run half = new Run();
    half.add("work", Figures.NONE.with(Quantity.SETTLED, 1_000));

    assertThat(FAST_AND_CHEAP.met(results(half))).isEmpty();
  }

  @Test
  void isNotJudgedWhenOneRunLacksAFigure() {
    assertThat(FAST_AND_CHEAP.met(results(run(200, 10), new Run()))).isEmpty();
  }

  @Test
  void comparesScenariosWithinEachRunAndNotTheirMedians() {
    Budget drain = budget("1,000,000 waiting");
    Results results = results(drains(100, 100), drains(200, 190), drains(400, 200));

    assertThat(drain.medians(results)).isEqualTo("0.95");
    assertThat(drain.met(results)).contains(true);
  }

  private static Budget budget(String part) {
    return Budgets.ALL.stream()
        .filter(each -> each.what().contains(part))
        .findFirst()
        .orElseThrow();
  }

  private static Run run(double rate, double micros) {
    Run run = new Run();
    run.add("work", Figures.NONE.with(Quantity.SETTLED, rate).with(Quantity.CPU, micros));
    return run;
  }

  private static Run drains(double few, double many) {
    Run run = new Run();
    run.add("drain-10k", Figures.NONE.with(Quantity.RATE, few));
    run.add("drain-1m", Figures.NONE.with(Quantity.RATE, many));
    return run;
  }

  private static Results results(Run... runs) {
    return new Results(Map.of(), false, Arrays.asList(runs), List.of());
  }
}
