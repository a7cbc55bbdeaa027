package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.CpuTime;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Limits;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.scenario.Account;
import dev.posthorn.benchmarks.scenario.Scenario;
import dev.posthorn.benchmarks.scenario.Wanted;
import dev.posthorn.benchmarks.scenario.Webhooks;
import dev.posthorn.benchmarks.scenario.World;
import dev.posthorn.db.DatabaseAddress;

/** What PostgreSQL can do with the statements that publish and record. */
public record RawPostgres() implements Scenario {
  private static final int BATCH = 200;
  private static final double WARM_UP = 10;

  @Override
  public String name() {
    return Limits.DATABASE;
  }

  @Override
  public String about() {
    return "the same statements publish and settle 200 events a transaction in two bare loops";
  }

  @Override
  public Figures measure(Stage stage) {
    World world = stage.world();
    try (Webhooks webhooks = world.webhooks(Wanted.healthy(16));
        Child loop = Child.startLikePosthorn(BareDatabase.class)) {
      webhooks.disable();
      loop.send(plan(world.storage().address(), webhooks));
      loop.ask(stage.effort().seconds(WARM_UP), Long.class);
      Cost cost =
          Cost.of(loop, stage.effort().seconds(5), () -> CpuTime.ofFamily(world.storage().pid()));
      return Figures.NONE
          .with(Quantity.RATE, cost.perSecond())
          .with(Quantity.PART_CPU, cost.micros());
    }
  }

  private static BareDatabase.Plan plan(DatabaseAddress address, Webhooks webhooks) {
    return new BareDatabase.Plan(
        address.jdbcUrl(),
        address.user(),
        address.password().value(),
        webhooks.accounts().stream().map(Account::id).toList(),
        BATCH);
  }
}
