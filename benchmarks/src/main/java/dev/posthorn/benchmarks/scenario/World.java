package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.child.Memory;
import dev.posthorn.benchmarks.child.Progress;
import dev.posthorn.benchmarks.load.Generator;
import dev.posthorn.benchmarks.load.Receiver;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Everything that a scenario needs: PostgreSQL, Posthorn, a receiver and a generator, each a
 * process of its own, and this one, which only watches.
 */
public final class World implements AutoCloseable {
  private final ServerProcess.Program program;
  private final Path progress;
  private final Storage storage;
  private final Child receiver;
  private final int receiverPort;
  private final AtomicBoolean closed = new AtomicBoolean();
  private ServerProcess server;
  private Child generator;
  private Api api;

  /**
   * Starts all of it.
   *
   * @param program the server
   * @param data for the database; may hold one from an earlier run
   */
  public static World start(ServerProcess.Program program, Path data) {
    Storage storage = new Storage(data);
    try {
      return new World(program, data, storage);
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private World(ServerProcess.Program program, Path data, Storage storage) {
    this.program = program;
    this.storage = storage;
    this.progress = data.resolve("progress");
    this.receiver = Child.start(Receiver.class, "512m", progress.toString());
    this.receiverPort = receiver.answer(Integer.class);
    this.server = ServerProcess.start(program, storage.address(), Map.of());
    this.generator = generatorAgainst(server.url());
    this.api = new Api(server.url());
  }

  /** Another generator, which the caller closes. */
  public Child generatorAgainst(URI url) {
    String port = Integer.toString(url.getPort());
    return Child.start(Generator.class, "256m", url.getHost(), port, progress.toString());
  }

  /** Brings all to rest, so that no scenario pays for the one before, and forgets its peaks. */
  public void tidy() {
    storage.tidy();
    Memory.forgetPeak(server.pid());
  }

  /** Another generator in the place of one that may still be at work for a scenario that failed. */
  public void renewGenerator() {
    generator.close();
    generator = generatorAgainst(server.url());
  }

  /** Whether it is closed, perhaps by a signal and in the middle of a scenario. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Stops the server, in order, and starts another on the same database, with these settings. */
  void restartServer(Map<String, String> settings) {
    generator.close();
    server.close();
    server = ServerProcess.start(program, storage.address(), settings);
    generator = generatorAgainst(server.url());
    api = new Api(server.url());
  }

  public ServerProcess.Program program() {
    return program;
  }

  public ServerProcess server() {
    return server;
  }

  Child generator() {
    return generator;
  }

  public Child receiver() {
    return receiver;
  }

  /** Requests that the receiver has had since it was started. */
  Progress received() {
    return Progress.at(progress);
  }

  Api api() {
    return api;
  }

  /** A folder for what a scenario needs on the disk. */
  Path scratch() {
    return progress.resolveSibling("scratch");
  }

  /** An address at the receiver. */
  public URI target(String path) {
    return URI.create("http://127.0.0.1:" + receiverPort + "/" + path);
  }

  /** The database, and what it says. */
  public Storage storage() {
    return storage;
  }

  /** Accounts and webhooks for a scenario, which closes them. */
  public Webhooks webhooks(Wanted wanted) {
    return Webhooks.make(this, wanted);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      generator.close();
      server.close();
      receiver.close();
      storage.close();
    }
  }
}
