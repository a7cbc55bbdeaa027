package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadPlan;
import java.util.OptionalDouble;

/**
 * What a hundred healthy webhooks feel of one that is not: the same load without it, with it, and
 * without it again, so that a drift of the machine falls on both sides.
 *
 * @param path at the receiver, of the bad webhook
 */
public record Neighbour(String name, String about, String path) implements Scenario {
  private static final int HEALTHY = 100;
  private static final int DELIVERIES = 1_000;
  private static final double RATE = 1_000;

  /** Never answers, so that each request lasts until the deadline. */
  public static Neighbour hanging() {
    return new Neighbour(
        "hanging",
        "100 healthy webhooks at 1,000 events/s beside one that hangs 15 s on each of 1,000 deliveries",
        "hang");
  }

  /** Always answers 500. */
  public static Neighbour failing() {
    return new Neighbour(
        "failing",
        "100 healthy webhooks at 1,000 events/s beside one that answers 500 to 1,000 deliveries",
        "fail");
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    Wanted bad = Wanted.healthy(1).at(path);
    try (Webhooks healthy = world.webhooks(Wanted.healthy(HEALTHY));
        Webhooks neighbour = world.webhooks(bad)) {
      neighbour.disable();
      Backlog.store(world, neighbour.accounts(), stage.effort().count(DELIVERIES));
      Figures before = load(stage, healthy);
      neighbour.enable();
      Figures beside = load(stage, healthy);
      neighbour.disable();
      return compared(beside, before, load(stage, healthy));
    }
  }

  private static Figures load(Stage stage, Webhooks healthy) {
    LoadPlan load =
        LoadPlan.atRate(HEALTHY, RATE)
            .with(healthy.keys())
            .lasting(stage.effort().seconds(3), stage.effort().seconds(20));
    return Measurement.of(stage.world(), load, Wanted.HEALTHY);
  }

  private static Figures compared(Figures beside, Figures before, Figures after) {
    return Figures.NONE
        .with(Quantity.RECEIVE_P50, number(beside.get(Quantity.RECEIVE_P50)))
        .with(Quantity.RECEIVE_P99, number(beside.get(Quantity.RECEIVE_P99)))
        .with(Quantity.OTHERS_SHARE, number(beside.get(Quantity.OTHERS_SHARE)))
        .with(Quantity.P50_RATIO, ratio(Quantity.RECEIVE_P50, beside, before, after))
        .with(Quantity.P99_RATIO, ratio(Quantity.RECEIVE_P99, beside, before, after));
  }

  private static double ratio(Quantity quantity, Figures beside, Figures before, Figures after) {
    return number(beside.get(quantity))
        / ((number(before.get(quantity)) + number(after.get(quantity))) / 2);
  }

  private static double number(OptionalDouble figure) {
    return figure.orElse(Double.NaN);
  }
}
