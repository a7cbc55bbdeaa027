package dev.posthorn.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.db.DataFolder;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/** A PostgreSQL that several processes share, and that can be stopped as a power cut stops it. */
final class ClusterDatabase implements AutoCloseable {
  private final DataFolder folder;
  private EmbeddedPostgres postgres;
  private volatile DatabaseAddress address;

  ClusterDatabase(Path path) {
    folder = DataFolder.lock(path, Duration.ofSeconds(10));
    postgres = EmbeddedPostgres.start(folder);
    address = postgres.address();
    // Connections of killed and silenced processes may linger beside those of the living.
    jdbi().useHandle(handle -> handle.execute("ALTER SYSTEM SET max_connections = 300"));
    postgres.close();
    start();
  }

  /** Ends every server process at once, as {@code pg_ctl stop -m immediate} does, and starts it. */
  synchronized void crash() {
    Path file = folder.path().resolve("postgres/data/postmaster.pid");
    try {
      String pid = Files.readAllLines(file).getFirst();
      Optional<ProcessHandle> postmaster = ProcessHandle.of(Long.parseLong(pid));
      assertThat(new ProcessBuilder("kill", "-QUIT", pid).start().waitFor()).isZero();
      // Until it is gone it looks like a server that may be adopted.
      postmaster.ifPresent(process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    start();
  }

  private void start() {
    postgres = EmbeddedPostgres.start(folder);
    address = postgres.address();
  }

  int port() {
    return URI.create(address.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  String password() {
    return address.password().value();
  }

  String user() {
    return address.user();
  }

  /** A connection of the harness's own, not through any node's link. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), user(), password());
  }

  Jdbi jdbi() {
    return Jdbi.create(this::connect);
  }

  @Override
  public synchronized void close() {
    try (folder) {
      postgres.close();
    }
  }
}
