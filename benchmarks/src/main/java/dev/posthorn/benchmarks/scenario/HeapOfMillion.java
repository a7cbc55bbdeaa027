package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;

/** What a backlog costs in memory while its webhook takes it slowly. */
public record HeapOfMillion() implements Scenario {
  private static final int WAITING = 1_000_000;
  private static final int SLOW = 60;

  @Override
  public String name() {
    return "heap-1m";
  }

  @Override
  public String about() {
    return "1,000,000 wait for a webhook that takes 60 a minute";
  }

  @Override
  public Figures measure(Stage stage) {
    try (Webhooks webhooks = stage.world().webhooks(Wanted.healthy(1).limitedTo(SLOW))) {
      webhooks.disable();
      Backlog.store(stage.world(), webhooks.accounts(), stage.effort().count(WAITING));
      webhooks.enable();
      Wait.of(stage.effort().duration(20));
      return Measurement.memory(stage.world(), Figures.NONE);
    }
  }
}
