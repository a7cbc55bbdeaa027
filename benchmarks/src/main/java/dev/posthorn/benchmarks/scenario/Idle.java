package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;

/** What webhooks cost that nothing is sent to. */
public record Idle() implements Scenario {
  private static final int ACCOUNTS = 1_000;
  private static final int EACH = 10;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String about() {
    return "10,000 webhooks without events, for 30 s";
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    int accounts = stage.effort().count(ACCOUNTS);
    try (Webhooks _ = world.webhooks(Wanted.healthy(accounts).withEach(EACH))) {
      world.storage().tidy();
      Wait.of(stage.effort().duration(75)); // lanes that the registering made are given up
      Sample from = Sample.of(world);
      Wait.of(stage.effort().duration(30));
      Sample used = Sample.between(from, Sample.of(world));
      double posthorn = used.share(used.processors().posthorn());
      double postgres = used.share(used.processors().postgres());
      return Measurement.memory(world, Figures.NONE)
          .with(Quantity.IDLE_POSTHORN, posthorn)
          .with(Quantity.IDLE, posthorn + postgres);
    }
  }
}
