package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.StartTime;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;

/** From the command to readiness, on a database that is there already. */
public record Start() implements Scenario {
  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "from ./posthorn serve to its being ready";
  }

  @Override
  public Figures measure(Stage stage) {
    try {
      StartTime.Result result =
          StartTime.measure(stage.world().program().command(), 1, stage.world().scratch());
      return Figures.NONE
          .with(Quantity.START_EXTERNAL, result.external().ready().toMillis() / 1e3)
          .with(Quantity.START_EMBEDDED, result.embedded().ready().toMillis() / 1e3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
