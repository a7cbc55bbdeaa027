package dev.posthorn.benchmarks.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.benchmarks.figure.Budget;
import dev.posthorn.benchmarks.figure.Budgets;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Run;
import dev.posthorn.benchmarks.scenario.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScenariosTest {
  @Test
  void everyBudgetIsAboutScenariosThatThereAre() {
    Results all = new Results(Map.of(), false, List.of(everything()), List.of());

    assertThat(Budgets.ALL)
        .filteredOn(budget -> !budget.checks().isEmpty())
        .allSatisfy(budget -> assertThat(budget.met(all)).as(budget.what()).isPresent());
    assertThat(Budgets.ALL)
        .filteredOn(budget -> budget.checks().isEmpty())
        .singleElement()
        .extracting(Budget::what)
        .asString()
        .contains("docs/crash-report.md");
    assertThat(Limits.withLoad(everything(), 2, 1)).isPresent();
  }

  @Test
  void namesAreUnique() {
    assertThat(Scenarios.ALL).extracting(Scenario::name).doesNotHaveDuplicates();
  }

  @Test
  void areRunInTheirOwnOrderWhateverTheOneAskedFor() {
    assertThat(Scenarios.named(List.of("batch", "single")))
        .extracting(Scenario::name)
        .containsExactly("single", "batch");
  }

  @Test
  void anUnknownNameIsRefusedWithAListOfTheKnownOnes() {
    assertThatThrownBy(() -> Scenarios.named(List.of("singel")))
        .hasMessageContaining("singel")
        .hasMessageContaining("single");
  }

  private static Run everything() {
    Figures figures = Figures.NONE;
    for (Quantity quantity : Quantity.values()) {
      figures = figures.with(quantity, 1.0);
    }
    Run run = new Run();
    for (Scenario scenario : Scenarios.ALL) {
      run.add(scenario.name(), figures);
    }
    return run;
  }
}
