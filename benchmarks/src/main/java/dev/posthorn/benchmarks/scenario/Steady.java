package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.load.LoadPlan;

/**
 * Whether a rate can be kept up, checkpoints and all: PostgreSQL makes one every 30 s instead of
 * every five minutes, spread over that time, and after each one logs every page that is changed as
 * a whole.
 */
public record Steady() implements Scenario {
  private static final double RATE = 10_000;
  private static final int CONNECTIONS = 256;

  @Override
  public String name() {
    return "steady";
  }

  @Override
  public String about() {
    return "10,000 events/s, whether or not answers come, with a checkpoint every 30 s";
  }

  @Override
  public Figures measure(Stage stage) {
    Storage storage = stage.world().storage();
    storage.makeCheckpointsEvery30Seconds();
    try (Webhooks webhooks = stage.world().webhooks(Wanted.healthy(16))) {
      LoadPlan load =
          LoadPlan.atRate(CONNECTIONS, RATE)
              .with(webhooks.keys())
              .lasting(stage.effort().seconds(20), stage.effort().seconds(70));
      return Measurement.of(stage.world(), load, webhooks);
    } finally {
      storage.makeCheckpointsAsUsual();
    }
  }
}
