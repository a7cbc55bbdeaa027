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

/** Runs the scenarios one after the other, and keeps what they measured. */
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

  /** Runs each of them once more. */
  void run(List<Scenario> scenarios) {
    Run run = new Run();
    runs.add(run);
    for (Scenario scenario : scenarios) {
      measure(scenario, run);
    }
  }

  /** One that fails is reported, and does not take the others with it. */
  private void measure(Scenario scenario, Run run) {
    if (world.isClosed()) {
      return;
    }
    try {
      world.tidy();
      Figures figures = scenario.measure(new Scenario.Stage(world, effort, run));
      run.add(scenario.name(), figures);
      out.println(Tables.line(scenario.name(), figures));
    } catch (RuntimeException e) {
      failures.add(scenario.name() + " in run " + runs.size() + ": " + e);
      out.println(Tables.line(scenario.name(), Figures.NONE) + "failed: " + e);
      e.printStackTrace();
      if (!world.isClosed()) {
        world.renewGenerator();
      }
    }
  }

  List<Run> runs() {
    return runs;
  }

  List<String> failures() {
    return failures;
  }
}
