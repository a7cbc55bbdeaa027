package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a hundred healthy webhooks feel of one that gets a fifth of all events and goes bad: the
 * same load while it is well, while it is not, and when it is well again, so that a drift of the
 * machine falls on both sides.
 *
 * @param sickness what its receiver does in the middle one
 */
public record Neighbour(String name, String about, ReceiverCommand sickness) implements Scenario {
  private static final String PATH = "flaky";
  private static final int HEALTHY = 100;

  /** Every fifth event is for the neighbour. */
  private static final int BETWEEN = 4;

  private static final double RATE = 1_250;
  private static final double DEADLINE = 15;

  /** Never answers, so that each request lasts until the deadline. */
  public static Neighbour hanging() {
    return new Neighbour(
        "hanging",
        "1,000 events/s to 100 healthy webhooks, and 250/s to one that hangs 15 s on each",
        ReceiverCommand.HANG);
  }

  /** Always answers 500. */
  public static Neighbour failing() {
    return new Neighbour(
        "failing",
        "1,000 events/s to 100 healthy webhooks, and 250/s to one that answers 500 to each",
        ReceiverCommand.FAIL);
  }

  @Override
  public Figures measure(Stage stage) {
    try (Webhooks healthy = stage.world().webhooks(Wanted.healthy(HEALTHY));
        Webhooks neighbour = stage.world().webhooks(Wanted.healthy(1).at(PATH))) {
      List<String> keys = keys(healthy, neighbour);
      Figures before = load(stage, ReceiverCommand.MEND, keys, healthy);
      Figures beside = load(stage, sickness, keys, healthy);
      tell(stage, ReceiverCommand.MEND);
      Wait.of(stage.effort().duration(2 * DEADLINE)); // what hangs ends, what waits is delivered
      return compared(beside, before, load(stage, ReceiverCommand.MEND, keys, healthy));
    }
  }

  private static List<String> keys(Webhooks healthy, Webhooks neighbour) {
    List<String> keys = new ArrayList<>();
    for (String key : healthy.keys()) {
      keys.add(key);
      if (keys.size() % (BETWEEN + 1) == BETWEEN) {
        keys.add(neighbour.keys().getFirst());
      }
    }
    return keys;
  }

  private static Figures load(
      Stage stage, ReceiverCommand state, List<String> keys, Webhooks healthy) {
    tell(stage, state);
    LoadPlan load =
        LoadPlan.atRate(HEALTHY, RATE)
            .with(keys)
            .lasting(stage.effort().seconds(3), stage.effort().seconds(20));
    return Measurement.of(stage.world(), load, healthy)
        .with(Quantity.NEIGHBOUR, tell(stage, ReceiverCommand.REPORT).of(PATH).count());
  }

  private static Received tell(Stage stage, ReceiverCommand command) {
    return stage.world().receiver().ask(command, Received.class);
  }

  private static Figures compared(Figures beside, Figures before, Figures after) {
    return beside
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
