package dev.posthorn.benchmarks.scenario;

import dev.posthorn.db.DataFolder;
import dev.posthorn.db.Database;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EmbeddedPostgres;
import dev.posthorn.db.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL of the benchmark's own, which the server is given as an external one. */
public final class Storage implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final String PID = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)";

  /**
   * Tables that a scenario leaves full of dead or new rows, for the next one to stumble on, or to
   * be vacuumed by PostgreSQL itself in the middle of it.
   */
  private static final List<String> BUSY =
      List.of("event", "delivery", "attempt", "webhook", "webhook_minute");

  private final DataFolder folder;
  private final EmbeddedPostgres postgres;
  private final Database database;
  private final long pid;

  /** Starts it with Posthorn's tables; the folder may hold a database from an earlier run. */
  Storage(Path data) {
    this.folder = DataFolder.lock(data, Duration.ZERO);
    this.postgres = EmbeddedPostgres.start(folder);
    this.database = Database.open(postgres.address(), CONNECTIONS);
    Migrations.run(database);
    this.pid = count(PID);
  }

  public DatabaseAddress address() {
    return postgres.address();
  }

  /** Connections for whoever watches. */
  Database database() {
    return database;
  }

  /** Its first process, the parent of all others. */
  public long pid() {
    return pid;
  }

  /** Brings it to rest, so that no scenario pays for the one before. */
  public void tidy() {
    database.withHandle(handle -> {
      BUSY.forEach(table -> handle.execute("VACUUM " + table));
      return handle.execute("CHECKPOINT");
    });
  }

  /** Lets it make its checkpoints as often as it can, each spread over the time to the next. */
  void makeCheckpointsEvery30Seconds() {
    configure("ALTER SYSTEM SET checkpoint_timeout = '30s'");
  }

  void makeCheckpointsAsUsual() {
    configure("ALTER SYSTEM RESET checkpoint_timeout");
  }

  private void configure(String command) {
    database.useHandle(handle -> {
      handle.execute(command);
      handle.execute("SELECT pg_reload_conf()");
    });
  }

  /** The one value that a query returns, as text. */
  public String one(String sql) {
    return database.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  long count(String sql) {
    return Long.parseLong(one(sql));
  }

  @Override
  public void close() {
    database.close();
    postgres.close();
    folder.close();
  }
}
