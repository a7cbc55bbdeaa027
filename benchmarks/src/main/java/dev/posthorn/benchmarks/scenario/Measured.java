package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.load.Latencies;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.LoadResult;
import dev.posthorn.benchmarks.load.Received;
import dev.posthorn.benchmarks.load.ReceiverCommand;

/**
 * What a load came to.
 *
 * @param accepted events a second
 * @param delivered requests a second that the receiver had
 * @param settled deliveries a second that came to their recorded end
 * @param failed requests to the API without a 201
 * @param accept microseconds from the moment at which a request was due to its answer
 * @param receive microseconds from that moment to the receiver's having the event
 * @param posthornMicros CPU time a delivery, in microseconds
 * @param postgresMicros the same of the database's processes
 * @param generatorShare of a core
 * @param receiverShare of a core
 * @param walBytes a delivery
 * @param backlog deliveries that had not reached the receiver at the end
 */
public record Measured(
    double accepted,
    double delivered,
    double settled,
    long failed,
    Latencies accept,
    Latencies receive,
    double posthornMicros,
    double postgresMicros,
    double generatorShare,
    double receiverShare,
    double walBytes,
    long backlog) {

  /** Runs a load against webhooks whose paths begin with {@code group}. */
  static Measured of(World world, LoadPlan plan, String group) {
    long before = world.receiver().ask(ReceiverCommand.REPORT, Received.class).total();
    world.generator().send(plan);
    world.generator().answer(LoadResult.class);
    world.receiver().ask(ReceiverCommand.RESET, Received.class);
    Sample from = Sample.of(world);
    LoadResult load = world.generator().answer(LoadResult.class);
    Sample to = Sample.of(world);
    Received received = world.receiver().ask(ReceiverCommand.REPORT, Received.class);
    long backlog = load.total() * plan.fanOut() - (received.total() - before);
    return new Ratio(from, to, load, received.of(group)).measured(backlog);
  }

  private record Ratio(Sample from, Sample to, LoadResult load, Received.Group received) {
    Measured measured(long backlog) {
      double seconds = from.secondsUntil(to);
      double settled = to.settled() - from.settled();
      if (!load.firstFailure().isEmpty()) {
        System.err.println("first failure: " + load.firstFailure());
      }
      return new Measured(
          load.perSecond(),
          received.count() / seconds,
          settled / seconds,
          load.failed(),
          load.accept(),
          received.latencies(),
          micros(to.posthorn().minus(from.posthorn()), settled),
          micros(to.postgres().minus(from.postgres()), settled),
          to.generator().minus(from.generator()).toMillis() / 1e3 / seconds,
          to.receiver().minus(from.receiver()).toMillis() / 1e3 / seconds,
          (to.wal() - from.wal()) / Math.max(1, settled),
          backlog);
    }

    private static double micros(java.time.Duration time, double count) {
      return time.toNanos() / 1e3 / Math.max(1, count);
    }
  }

  double cpuMicros() {
    return posthornMicros + postgresMicros;
  }
}
