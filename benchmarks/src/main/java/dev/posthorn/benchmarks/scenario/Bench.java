package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.load.LoadPlan;
import java.nio.file.Path;
import java.util.List;

/** temporary driver */
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    try (World world = new World(List.of(args[0].split(" ")), Path.of(args[1]))) {
      Tenants tenants = world.tenants();
      List<Tenants.Tenant> sixteen = tenants.make(16);
      for (int i = 0; i < 16; i++) {
        tenants.addWebhook(
            world.server().url(), sixteen.get(i), world.target("ok/" + i), Tenants.UNLIMITED);
      }
      List<String> keys = sixteen.stream().map(Tenants.Tenant::key).toList();
      int seconds = Integer.getInteger("seconds", 10);
      for (String what : args[2].split(",")) {
        LoadPlan plan =
            switch (what.split(":")[0]) {
              case "single" -> LoadPlan.flatOut(LoadPlan.Kind.EVENT, keys, 128, 4000);
              case "batch" -> LoadPlan.flatOut(LoadPlan.Kind.BATCH, keys, 16, 8000);
              case "opp" -> LoadPlan.flatOut(LoadPlan.Kind.OPPORTUNITY, keys, 128, 4000);
              case "rate" -> LoadPlan.atRate(keys, 64, Double.parseDouble(what.split(":")[1]));
              default -> throw new IllegalArgumentException(what);
            };
        Measured m =
            Measured.of(world, plan.lasting(Integer.getInteger("warmup", 8), seconds), "ok");
        System.out.printf(
            "%-10s acc %6.0f/s del %6.0f/s set %6.0f/s fail %d accept p50 %.1f p99 %.1f ms, recv p50 %.1f p99 %.1f ms, cpu %3.0f + %3.0f us, gen %.0f%% rcv %.0f%%, wal %.0f, backlog %d%n",
            what,
            m.accepted(),
            m.delivered(),
            m.settled(),
            m.failed(),
            m.accept().p50() / 1e3,
            m.accept().p99() / 1e3,
            m.receive().p50() / 1e3,
            m.receive().p99() / 1e3,
            m.posthornMicros(),
            m.postgresMicros(),
            m.generatorShare() * 100,
            m.receiverShare() * 100,
            m.walBytes(),
            m.backlog());
      }
    }
  }
}
