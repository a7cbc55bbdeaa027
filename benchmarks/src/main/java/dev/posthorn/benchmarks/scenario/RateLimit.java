package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;
import java.time.Duration;
import java.util.List;

/** How exactly a limit is kept, and how much of it is used, by the receiver's own clock. */
public record RateLimit() implements Scenario {
  private static final int LIMIT = 600;
  private static final String PATH = "paced";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration THE_REST = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "rate-limit";
  }

  @Override
  public String about() {
    return "a backlog for a webhook that takes 600 a minute, 130 s (never shorter)";
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    Wanted limited = Wanted.healthy(1).at(PATH).limitedTo(LIMIT);
    try (Webhooks webhooks = world.webhooks(limited)) {
      webhooks.disable();
      Backlog.store(world, webhooks.accounts(), LIMIT * 5);
      world.receiver().ask(ReceiverCommand.RESET, Received.class);
      long before = world.received().get();
      webhooks.enable();
      Wait.until(
          "the limit is used twice",
          MINUTE.multipliedBy(4),
          () -> world.received().get() - before > 2 * LIMIT);
      Wait.of(THE_REST);
      List<Long> moments =
          world.receiver().ask(ReceiverCommand.REPORT, Received.class).of(PATH).moments();
      return Figures.NONE
          .with(Quantity.USED_SHARE, usedShare(moments, LIMIT))
          .with(Quantity.WORST_WINDOW, worstWindow(moments) / (double) LIMIT);
    }
  }

  /**
   * From the first request to the first one of the third lot, which comes as soon as the limit
   * allows: how many came in that time, against how many might have.
   */
  static double usedShare(List<Long> moments, int limit) {
    long nanos = moments.get(2 * limit) - moments.getFirst();
    return 2.0 * MINUTE.toNanos() / nanos;
  }

  /** The most in any minute. */
  static int worstWindow(List<Long> moments) {
    int worst = 0;
    int first = 0;
    for (int last = 0; last < moments.size(); last++) {
      while (moments.get(last) - moments.get(first) >= MINUTE.toNanos()) {
        first++;
      }
      worst = Math.max(worst, last - first + 1);
    }
    return worst;
  }
}
