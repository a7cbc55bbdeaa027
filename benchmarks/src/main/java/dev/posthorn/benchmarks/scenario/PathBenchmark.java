package dev.posthorn.benchmarks.scenario;

import dev.posthorn.Server;
import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.Progress;
import dev.posthorn.benchmarks.load.Load;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.Receiver;
import dev.posthorn.config.Configuration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole way of events, from the API's socket to the recorded outcome, with the server in this
 * process: for the garbage that an event makes ({@code -prof gc}) rather than for the time, which
 * the generator, in this process too, shares. The receiver has a process of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 5)
@Fork(1)
public class PathBenchmark {
  /** Events in one invocation. */
  public static final int EVENTS = 4_000;

  private static final int WEBHOOKS = 16;
  private static final Path FOLDER = Path.of("target", "path-benchmark");

  private Server server;
  private Child receiver;
  private Progress received;
  private List<String> keys;

  /** Starts the server with its own database, and registers the webhooks. */
  @Setup
  public void start() throws IOException {
    Files.createDirectories(FOLDER);
    server =
        Server.start(
            Configuration.read(
                Map.of(
                    "data", FOLDER.resolve("data").toString(),
                    "port", "0",
                    "api.rate-limit", "0",
                    "egress.allow", "127.0.0.0/8"),
                Map.of(),
                FOLDER));
    Path progress = FOLDER.resolve("progress");
    receiver = Child.start(Receiver.class, "128m", progress.toString());
    int port = receiver.answer(Integer.class);
    received = Progress.at(progress);
    Tenants tenants = new Tenants(server.database());
    List<Tenants.Tenant> made = tenants.make(WEBHOOKS);
    URI target = URI.create("http://127.0.0.1:" + port + "/ok/");
    made.forEach(one -> tenants.addWebhook(server.localUrl(), one, target, Tenants.UNLIMITED));
    keys = made.stream().map(Tenants.Tenant::key).toList();
  }

  /** One event a request. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long single() throws IOException {
    return publish(LoadPlan.flatOut(LoadPlan.Kind.EVENT, keys, 64, 2_000));
  }

  /** A hundred events a request. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long batch() throws IOException {
    return publish(LoadPlan.flatOut(LoadPlan.Kind.BATCH, keys, 4, 2_000));
  }

  private long publish(LoadPlan plan) throws IOException {
    long expected = received.get() + EVENTS;
    InetSocketAddress address =
        new InetSocketAddress(server.localUrl().getHost(), server.localUrl().getPort());
    try (Load load = new Load(plan.until(EVENTS), address, received)) {
      load.run(result -> {});
    }
    while (received.get() < expected) {
      Thread.onSpinWait();
    }
    return expected;
  }

  @TearDown
  public void stop() {
    server.close();
    receiver.close();
  }
}
