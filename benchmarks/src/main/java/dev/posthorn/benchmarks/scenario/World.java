package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.benchmarks.load.Generator;
import dev.posthorn.benchmarks.load.Receiver;
import dev.posthorn.db.DataFolder;
import dev.posthorn.db.Database;
import dev.posthorn.db.EmbeddedPostgres;
import dev.posthorn.db.Migrations;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that a scenario needs: PostgreSQL, Posthorn, a receiver and a generator, each a
 * process of its own, and this one, which only watches.
 */
public final class World implements AutoCloseable {
  private final List<String> program;
  private final Path progress;
  private final DataFolder folder;
  private final EmbeddedPostgres postgres;
  private final Database database;
  private final long postgresPid;
  private final Child receiver;
  private final int receiverPort;
  private ServerProcess server;
  private Child generator;

  /**
   * Starts all of it.
   *
   * @param program what the server's Java is to run, as {@link ServerProcess#start} takes it
   * @param data for the database; may hold one from an earlier run
   */
  public World(List<String> program, Path data) {
    this.program = List.copyOf(program);
    this.folder = DataFolder.lock(data, Duration.ZERO);
    this.progress = data.resolve("progress");
    this.postgres = EmbeddedPostgres.start(folder);
    this.database = Database.open(postgres.address(), 4);
    Migrations.run(database);
    this.postgresPid =
        Long.parseLong(one("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
    this.receiver = Child.start(Receiver.class, "512m", progress.toString());
    this.receiverPort = receiver.answer(Integer.class);
    this.server = startServer();
    this.generator = startGenerator();
  }

  private ServerProcess startServer() {
    return ServerProcess.start(program, postgres.address());
  }

  private Child startGenerator() {
    return Child.start(
        Generator.class,
        "256m",
        server.url().getHost(),
        Integer.toString(server.url().getPort()),
        progress.toString());
  }

  /** Stops the server, in order, and starts another on the same database. */
  public void restartServer() {
    generator.close();
    server.close();
    server = startServer();
    generator = startGenerator();
  }

  public ServerProcess server() {
    return server;
  }

  public Child generator() {
    return generator;
  }

  public Child receiver() {
    return receiver;
  }

  /** An address at the receiver. */
  public URI target(String path) {
    return URI.create("http://127.0.0.1:" + receiverPort + "/" + path);
  }

  public Database database() {
    return database;
  }

  public long postgresPid() {
    return postgresPid;
  }

  Tenants tenants() {
    return new Tenants(database);
  }

  /** The one value that a query returns, as text. */
  public String one(String sql) {
    return database.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  public long count(String sql) {
    return Long.parseLong(one(sql));
  }

  @Override
  public void close() {
    generator.close();
    server.close();
    receiver.close();
    database.close();
    postgres.close();
    folder.close();
  }
}
