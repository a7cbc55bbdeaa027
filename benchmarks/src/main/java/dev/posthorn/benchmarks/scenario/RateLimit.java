package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;
import java.time.Duration;

/** How exactly a limit is kept, and how much of it is used, by the receiver's own clock. */
public record RateLimit() implements Scenario {
  private static final int LIMIT = 600;
  private static final String PATH = "paced";
  private static final Duration TWO_WINDOWS = Duration.ofMinutes(2);
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
      Wait.until("the first is sent", THE_REST, () -> world.received().get() > before);
      Wait.of(TWO_WINDOWS);
      long used = report(world).count();
      Wait.of(THE_REST);
      return Figures.NONE
          .with(Quantity.USED_SHARE, used / (2.0 * LIMIT))
          .with(Quantity.WORST_WINDOW, report(world).worstWindow() / (double) LIMIT);
    }
  }

  private static Received.Group report(World world) {
    return world.receiver().ask(ReceiverCommand.REPORT, Received.class).of(PATH);
  }
}
