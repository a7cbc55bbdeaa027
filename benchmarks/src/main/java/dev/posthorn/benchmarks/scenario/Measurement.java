package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Memory;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.load.Latencies;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.LoadResult;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;

/** A load and everything that it costs. */
final class Measurement {
  private static final double MEBIBYTE = 1024 * 1024;

  private Measurement() {}

  /**
   * Runs a load.
   *
   * @param webhooks those that are looked at
   * @throws IllegalStateException when a request failed, or a delivery is not recorded in the end:
   *     such a load has no figures
   */
  static Figures of(World world, LoadPlan plan, Webhooks webhooks) {
    Sample.of(world); // the first one of all takes its time, and must not begin late
    world.generator().send(plan);
    LoadResult begin = world.generator().answer(LoadResult.class);
    world.receiver().ask(ReceiverCommand.RESET, Received.class);
    Sample from = Sample.of(world);
    LoadResult load = world.generator().answer(LoadResult.class);
    Sample used = Sample.between(from, Sample.of(world));
    long delivered = received(world, webhooks).count();
    load.demandSuccess();
    webhooks.awaitSettled();
    Latencies receive = received(world, webhooks).latencies();
    Figures figures =
        rates(load, delivered, used)
            .with(
                Quantity.REQUESTS, (double) load.events() / plan.kind().events() / used.settled());
    figures = costs(figures, used);
    figures = latencies(figures, load.accept(), receive);
    figures = backlog(figures, plan, begin, load, delivered);
    return memory(world, figures);
  }

  private static Received.Group received(World world, Webhooks webhooks) {
    return world.receiver().ask(ReceiverCommand.REPORT, Received.class).of(webhooks.path());
  }

  private static Figures rates(LoadResult load, long delivered, Sample used) {
    return Figures.NONE
        .with(Quantity.ACCEPTED, load.perSecond())
        .with(Quantity.DELIVERED, delivered / used.seconds())
        .with(Quantity.SETTLED, used.settled() / used.seconds());
  }

  private static Figures costs(Figures figures, Sample used) {
    return delivering(figures, used)
        .with(Quantity.GENERATOR_SHARE, used.share(used.processors().generator()))
        .with(Quantity.STORED, used.stored() / (double) used.settled());
  }

  /** What deliveries cost, however they were published. */
  static Figures delivering(Figures figures, Sample used) {
    Sample.Processors processors = used.processors();
    return figures
        .with(Quantity.POSTHORN_CPU, used.microsEach(processors.posthorn()))
        .with(Quantity.POSTGRES_CPU, used.microsEach(processors.postgres()))
        .with(Quantity.CPU, used.microsEach(processors.posthorn().plus(processors.postgres())))
        .with(Quantity.RECEIVER_SHARE, used.share(processors.receiver()))
        .with(Quantity.OTHERS_SHARE, used.others())
        .with(Quantity.WAL, used.wal() / (double) used.settled())
        .with(Quantity.CHECKPOINTS, used.checkpoints());
  }

  private static Figures latencies(Figures figures, Latencies accept, Latencies receive) {
    Figures more =
        figures
            .with(Quantity.ACCEPT_P50, accept.p50() / 1e3)
            .with(Quantity.ACCEPT_P99, accept.p99() / 1e3)
            .with(Quantity.ACCEPT_P999, accept.p999() / 1e3);
    return receive.count() == 0
        ? more
        : more.with(Quantity.RECEIVE_P50, receive.p50() / 1e3)
            .with(Quantity.RECEIVE_P99, receive.p99() / 1e3)
            .with(Quantity.RECEIVE_P999, receive.p999() / 1e3);
  }

  /** How many are on their way says something where that is not the plan's own doing. */
  private static Figures backlog(
      Figures figures, LoadPlan plan, LoadResult begin, LoadResult end, long delivered) {
    double growth = (double) end.onTheirWay() - begin.onTheirWay();
    Figures more = figures.with(Quantity.BACKLOG_GROWTH, growth / delivered);
    return plan.rate() > 0 ? more : more.with(Quantity.BACKLOG, end.onTheirWay());
  }

  /** The peak first: looking for what is live is work too. */
  static Figures memory(World world, Figures figures) {
    long server = world.server().pid();
    return figures
        .with(Quantity.PEAK_MEMORY, Memory.peak(server) / MEBIBYTE)
        .with(Quantity.POSTGRES_MEMORY, Memory.ofFamily(world.storage().pid()) / MEBIBYTE)
        .with(Quantity.LIVE_HEAP, Memory.liveHeap(server) / MEBIBYTE);
  }
}
