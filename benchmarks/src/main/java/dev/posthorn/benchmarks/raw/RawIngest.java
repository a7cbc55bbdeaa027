package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.CpuTime;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadResult;
import dev.posthorn.benchmarks.scenario.Scenario;
import java.net.URI;
import java.time.Duration;

/** What the HTTP server can do that takes the events. */
public record RawIngest() implements Scenario {
  @Override
  public String name() {
    return Limits.INGEST;
  }

  @Override
  public String about() {
    return "the same HTTP server reads an event and answers 201 without any work";
  }

  @Override
  public Figures measure(Stage stage) {
    try (Child server = Child.startLikePosthorn(BareServer.class)) {
      URI url = URI.create("http://127.0.0.1:" + server.answer(Integer.class));
      try (Child generator = stage.world().generatorAgainst(url)) {
        return load(stage, server, generator);
      }
    }
  }

  private static Figures load(Stage stage, Child server, Child generator) {
    generator.send(GeneratorLimit.plan(stage));
    generator.answer(LoadResult.class);
    Duration before = CpuTime.of(server.pid());
    LoadResult result = generator.answer(LoadResult.class);
    Duration used = CpuTime.of(server.pid()).minus(before);
    result.demandSuccess();
    return Figures.NONE
        .with(Quantity.RATE, result.perSecond())
        .with(Quantity.PART_CPU, Cost.micros(used, result.events()));
  }
}
