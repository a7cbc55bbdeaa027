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

  /** Runs a load against webhooks whose paths begin with {@code group}. */
  static Figures of(World world, LoadPlan plan, String group) {
    Memory.forgetPeak(world.server().pid());
    Sample.of(world); // the first one of all takes its time, and must not begin late
    world.generator().send(plan);
    LoadResult begin = world.generator().answer(LoadResult.class);
    world.receiver().ask(ReceiverCommand.RESET, Received.class);
    Sample from = Sample.of(world);
    LoadResult load = world.generator().answer(LoadResult.class);
    Sample used = Sample.between(from, Sample.of(world));
    Received.Group received =
        world.receiver().ask(ReceiverCommand.REPORT, Received.class).of(group);
    if (!load.firstFailure().isEmpty()) {
      System.err.println("the first failure: " + load.firstFailure());
    }
    Figures figures = rates(load, received, used);
    figures = costs(figures, used);
    figures = latencies(figures, load.accept(), received.latencies());
    figures = backlog(figures, begin, load, received);
    return memory(world, figures);
  }

  private static Figures rates(LoadResult load, Received.Group received, Sample used) {
    return Figures.NONE
        .with(Quantity.ACCEPTED, load.perSecond())
        .with(Quantity.DELIVERED, received.count() / used.seconds())
        .with(Quantity.SETTLED, used.settled() / used.seconds())
        .with(Quantity.FAILED, load.failed());
  }

  private static Figures costs(Figures figures, Sample used) {
    Sample.Processors processors = used.processors();
    return figures
        .with(Quantity.POSTHORN_CPU, used.microsEach(processors.posthorn()))
        .with(Quantity.POSTGRES_CPU, used.microsEach(processors.postgres()))
        .with(Quantity.CPU, used.microsEach(processors.posthorn().plus(processors.postgres())))
        .with(Quantity.GENERATOR_SHARE, used.share(processors.generator()))
        .with(Quantity.RECEIVER_SHARE, used.share(processors.receiver()))
        .with(Quantity.OTHERS_SHARE, used.others())
        .with(Quantity.STORED, used.stored() / (double) used.settled())
        .with(Quantity.WAL, used.wal() / (double) used.settled());
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

  private static Figures backlog(
      Figures figures, LoadResult begin, LoadResult end, Received.Group received) {
    double growth = (double) end.onTheirWay() - begin.onTheirWay();
    return figures
        .with(Quantity.BACKLOG, end.onTheirWay())
        .with(Quantity.BACKLOG_GROWTH, growth / received.count());
  }

  /** The peak first: looking for what is live is work too. */
  static Figures memory(World world, Figures figures) {
    long server = world.server().pid();
    return figures
        .with(Quantity.PEAK_MEMORY, Memory.peak(server) / MEBIBYTE)
        .with(Quantity.LIVE_HEAP, Memory.liveHeap(server) / MEBIBYTE);
  }
}
