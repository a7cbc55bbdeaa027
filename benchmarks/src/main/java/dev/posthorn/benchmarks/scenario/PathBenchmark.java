package dev.posthorn.benchmarks.scenario;

import dev.posthorn.Server;
import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.Progress;
import dev.posthorn.benchmarks.load.Burst;
import dev.posthorn.benchmarks.load.LoadPlan;
import dev.posthorn.benchmarks.load.Receiver;
import dev.posthorn.config.Configuration;
import java.io.IOException;
import java.net.InetSocketAddress;
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
@SuppressWarnings("NullAway.Init") // JMH calls start first
public class PathBenchmark {
  /** Events in one invocation. */
  public static final int EVENTS = 4_000;

  private static final int ACCOUNTS = 16;
  private static final int RATE_LIMIT = 1_000_000;
  private static final Path FOLDER = Path.of("target", "path-benchmark");

  private Server server;
  private Child receiver;
  private Progress received;
  private Burst singles;
  private Burst batches;

  /** Starts the server with its own database, and registers the webhooks. */
  @Setup
  public void start() throws IOException {
    Files.createDirectories(FOLDER);
    server = Server.start(Configuration.read(settings(), Map.of(), FOLDER));
    Path progress = FOLDER.resolve("progress");
    receiver = Child.start(Receiver.class, "128m", progress.toString());
    received = Progress.at(progress);
    List<String> keys = subscribe("http://127.0.0.1:" + receiver.answer(Integer.class) + "/ok");
    InetSocketAddress address =
        new InetSocketAddress(server.localUrl().getHost(), server.localUrl().getPort());
    singles = new Burst(LoadPlan.flatOut(LoadPlan.Kind.EVENT, 64, 0).with(keys), address);
    batches = new Burst(LoadPlan.flatOut(LoadPlan.Kind.BATCH, 4, 0).with(keys), address);
  }

  private static Map<String, String> settings() {
    return Map.of(
        "data", FOLDER.resolve("data").toString(),
        "port", "0",
        "api.rate-limit", "0",
        "egress.allow", "127.0.0.0/8");
  }

  /** A webhook for each of the new accounts; returns the accounts' keys. */
  private List<String> subscribe(String target) {
    Api api = new Api(server.localUrl());
    Map<String, Object> webhook = Map.of("url", target, "rate_limit", RATE_LIMIT);
    List<String> keys =
        Account.make(server.database(), ACCOUNTS).stream().map(Account::key).toList();
    keys.forEach(key -> api.post(key, "/webhooks", Map.of("webhook", webhook)));
    return keys;
  }

  /** One event a request. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long single() throws IOException {
    return publish(singles);
  }

  /** A hundred events a request. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long batch() throws IOException {
    return publish(batches);
  }

  private long publish(Burst burst) throws IOException {
    long expected = received.get() + EVENTS;
    burst.send(EVENTS);
    while (received.get() < expected) {
      Thread.onSpinWait();
    }
    return expected;
  }

  /** Ends all of it. */
  @TearDown
  public void stop() throws IOException {
    singles.close();
    batches.close();
    server.close();
    receiver.close();
  }
}
