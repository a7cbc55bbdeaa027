package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.load.LoadPlan;

/** As many events as are taken and delivered, for some time. */
public record Sustained(String name, String about, Wanted wanted, LoadPlan plan)
    implements Scenario {
  static final double WARM_UP = 20;
  static final double MEASURED = 15;

  /** Enough on their way to keep every lane busy, few enough to hurt no latency. */
  private static final long WINDOW = 4_000;

  /** One event a request. */
  public static Sustained single() {
    return new Sustained(
        "single",
        "one event of 128 bytes a request, 16 webhooks of 16 accounts",
        Wanted.healthy(16),
        events(128));
  }

  /** A hundred events a request. */
  public static Sustained batch() {
    return new Sustained(
        "batch",
        "100 events a request, 16 webhooks of 16 accounts",
        Wanted.healthy(16),
        LoadPlan.flatOut(LoadPlan.Kind.BATCH, 16, 2 * WINDOW));
  }

  /** All events for one webhook. */
  public static Sustained oneWebhook() {
    return new Sustained(
        "one-webhook",
        "one event a request, all for one webhook",
        Wanted.healthy(1),
        LoadPlan.flatOut(LoadPlan.Kind.EVENT, 128, WINDOW / 4));
  }

  /** Few of many webhooks get most events. */
  public static Sustained zipf() {
    return new Sustained(
        "zipf",
        "one event a request, 1,000 webhooks of 1,000 accounts, shares by Zipf 1",
        Wanted.healthy(1_000),
        events(128).withZipf(1));
  }

  /** Every event for ten webhooks. */
  public static Sustained fanOut() {
    return new Sustained(
        "fan-out",
        "one event a request, each for 10 webhooks",
        Wanted.healthy(16).withEach(10),
        LoadPlan.flatOut(LoadPlan.Kind.EVENT, 128, 2 * WINDOW).withFanOut(10));
  }

  /** Records are made, which publish. */
  public static Sustained opportunities() {
    return new Sustained(
        "opportunities",
        "POST /opportunities, 16 webhooks of 16 accounts",
        Wanted.healthy(16),
        LoadPlan.flatOut(LoadPlan.Kind.OPPORTUNITY, 128, WINDOW));
  }

  private static LoadPlan events(int connections) {
    return LoadPlan.flatOut(LoadPlan.Kind.EVENT, connections, WINDOW);
  }

  @Override
  public Figures measure(Stage stage) {
    try (Webhooks webhooks = stage.world().webhooks(wanted)) {
      LoadPlan load =
          plan.with(webhooks.keys())
              .lasting(stage.effort().seconds(WARM_UP), stage.effort().seconds(MEASURED));
      return Measurement.of(stage.world(), load, webhooks);
    }
  }
}
