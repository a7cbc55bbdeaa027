package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadPlan;
import java.util.function.ToDoubleFunction;

/** How long events take at a rate that does not wait for answers. */
public record Latency(String name, String about, ToDoubleFunction<Stage> rate) implements Scenario {
  private static final int CONNECTIONS = 128;

  /** A thousand events a second. */
  public static Latency ofThousand() {
    return new Latency("latency-1000", "1,000 events/s, whether or not answers come", stage -> 1e3);
  }

  /** Half of what can be sustained. */
  public static Latency ofHalf() {
    return new Latency(
        "latency-half",
        "half of the rate that single sustained in this run",
        stage -> sustained(stage) / 2);
  }

  private static double sustained(Stage stage) {
    return stage
        .soFar()
        .get(Sustained.single().name(), Quantity.SETTLED)
        .orElseGet(() -> Sustained.single().measure(stage).get(Quantity.SETTLED).orElseThrow());
  }

  @Override
  public Figures measure(Stage stage) {
    double perSecond = rate.applyAsDouble(stage);
    try (Webhooks webhooks = stage.world().webhooks(Wanted.healthy(16))) {
      LoadPlan load =
          LoadPlan.atRate(CONNECTIONS, perSecond)
              .with(webhooks.keys())
              .lasting(stage.effort().seconds(5), stage.effort().seconds(30));
      return Measurement.of(stage.world(), load, webhooks);
    }
  }
}
