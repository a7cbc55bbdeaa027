package dev.posthorn.benchmarks.whole;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Run;
import dev.posthorn.benchmarks.report.Tables;
import dev.posthorn.benchmarks.scenario.Effort;
import dev.posthorn.benchmarks.scenario.Scenario;
import dev.posthorn.benchmarks.scenario.World;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the scenarios one after the other, then all of them again: what another user of the machine
 * does for a minute then spoils one run of a scenario and not all of them.
 */
final class Session {
  private final World world;
  private final Effort effort;
  private final PrintStream out;
  private final List<Run> runs = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Session(World world, Effort effort, PrintStream out) {
    this.world = world;
    this.effort = effort;
    this.out = out;
  }

  void run(List<Scenario> scenarios, int times) {
    for (int number = 1; number <= times; number++) {
      out.printf("%nRun %d of %d%n", number, times);
      Run run = new Run();
      runs.add(run);
      for (Scenario scenario : scenarios) {
        measure(scenario, run);
      }
    }
  }

  /** One that fails is reported, and does not take the others with it. */
  private void measure(Scenario scenario, Run run) {
    try {
      world.storage().tidy();
      Figures figures = scenario.measure(new Scenario.Stage(world, effort, run));
      run.add(scenario.name(), figures);
      out.println(Tables.line(scenario.name(), figures));
    } catch (RuntimeException e) {
      failures.add(scenario.name() + " in run " + runs.size() + ": " + e);
      out.println(Tables.line(scenario.name(), Figures.NONE) + "failed: " + e);
      e.printStackTrace();
    }
  }

  List<Run> runs() {
    return runs;
  }

  List<String> failures() {
    return failures;
  }
}
