package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.CpuTime;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.scenario.Scenario;
import dev.posthorn.benchmarks.scenario.Wanted;
import java.time.Duration;

/** What the HTTP client can do that sends the deliveries, and what the receiver can take. */
public record RawHttp() implements Scenario {
  private static final int THREADS = 64;
  private static final double WARM_UP = 10;

  @Override
  public String name() {
    return Limits.HTTP;
  }

  @Override
  public String about() {
    return "the same HTTP client sends a signed request in a bare loop, 64 at a time";
  }

  @Override
  public Figures measure(Stage stage) {
    String target = stage.world().target(Wanted.HEALTHY).toString();
    long receiver = stage.world().receiver().pid();
    try (Child sender =
        Child.startLikePosthorn(BareSender.class, target, Integer.toString(THREADS))) {
      sender.ask(stage.effort().seconds(WARM_UP), Long.class);
      Duration before = CpuTime.of(receiver);
      Cost cost = Cost.of(sender, stage.effort().seconds(5), () -> CpuTime.of(sender.pid()));
      Duration received = CpuTime.of(receiver).minus(before);
      return Figures.NONE
          .with(Quantity.RATE, cost.perSecond())
          .with(Quantity.PART_CPU, cost.micros())
          .with(Quantity.RECEIVER_CPU, Cost.micros(received, cost.count()));
    }
  }
}
