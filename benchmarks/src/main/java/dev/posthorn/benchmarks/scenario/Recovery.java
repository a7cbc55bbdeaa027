package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.LoadResult;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;
import java.time.Duration;
import java.util.Map;

/** How soon all is delivered once receivers that answered nothing but 500 are mended. */
public record Recovery() implements Scenario {
  private static final Map<String, String> SOON =
      Map.of("POSTHORN_DELIVERY_RETRY_DELAYS", "1s,2s" + ",5s".repeat(40));
  private static final double RATE = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String about() {
    return "200 events/s to 16 webhooks that answer 500 for 60 s, retries every 5 s; then mended";
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    world.restartServer(SOON);
    try (Webhooks webhooks = world.webhooks(Wanted.healthy(16).at("flaky"))) {
      world.receiver().ask(ReceiverCommand.FAIL, Received.class);
      LoadPlan load =
          LoadPlan.atRate(16, RATE).with(webhooks.keys()).lasting(0, stage.effort().seconds(60));
      world.generator().ask(load, LoadResult.class);
      world.generator().answer(LoadResult.class).demandSuccess();
      world.receiver().ask(ReceiverCommand.MEND, Received.class);
      long mended = System.nanoTime();
      Wait.until("all is delivered", PATIENCE, () -> webhooks.waiting() == 0);
      return Figures.NONE.with(Quantity.RECOVERY, (System.nanoTime() - mended) / 1e9);
    } finally {
      world.restartServer(Map.of());
    }
  }
}
