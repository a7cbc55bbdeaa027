package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.CpuTime;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.LoadResult;
import dev.posthorn.benchmarks.scenario.Scenario;
import java.time.Duration;
import java.util.List;

/** What the load generator can do, against a process that answers 201 and nothing else. */
public record GeneratorLimit() implements Scenario {
  private static final int CONNECTIONS = 128;

  @Override
  public String name() {
    return Limits.GENERATOR;
  }

  @Override
  public String about() {
    return "the generator against a bare answering process";
  }

  @Override
  public Figures measure(Stage stage) {
    try (Child generator = stage.world().generatorAgainst(stage.world().target(""))) {
      generator.send(plan(stage));
      generator.answer(LoadResult.class);
      Duration before = CpuTime.of(generator.pid());
      LoadResult result = generator.answer(LoadResult.class);
      Duration used = CpuTime.of(generator.pid()).minus(before);
      return Figures.NONE
          .with(Quantity.RATE, result.perSecond())
          .with(Quantity.GENERATOR_CPU, Cost.micros(used, result.events()));
    }
  }

  /** As many single events as are taken. */
  static LoadPlan plan(Scenario.Stage stage) {
    return LoadPlan.flatOut(LoadPlan.Kind.EVENT, CONNECTIONS, 0)
        .with(List.of("ph_live_0000000000000000000000000000000000000000000"))
        .lasting(stage.effort().seconds(10), stage.effort().seconds(5));
  }
}
