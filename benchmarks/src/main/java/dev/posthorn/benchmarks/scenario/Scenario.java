package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Run;

/** Something to be measured. Leaves nothing behind that costs the next one anything. */
public interface Scenario {

  /** Its name on the command line and in all tables. */
  String name();

  /** What is done, in a line. */
  String about();

  /** Measures once. */
  Figures measure(Stage stage);

  /**
   * What a scenario is given.
   *
   * @param soFar what was measured before it in this run
   */
  record Stage(World world, Effort effort, Run soFar) {}
}
