package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What another process left when it was killed while it ran the server. */
final class KilledServerTest {
  private static final Scratch SCRATCH = Scratch.create();
  private static final Path PATH = SCRATCH.path().resolve("data");
  private static final Path CLUSTER = PATH.resolve("postgres/data");

  private static final String RUNNING_BUSY =
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE query LIKE '%/* busy */%' AND state = 'active' AND pid <> pg_backend_pid()
      """;

  @AfterAll
  static void deleteTheFolder() {
    SCRATCH.close();
  }

  @Test
  void itsPostmasterIsAdopted() throws IOException {
    String port = killedServer("CREATE TABLE adopted ()");
    long left = postmaster();

    try (DataFolder folder = DataFolder.lock(PATH, Duration.ofSeconds(10));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(postmaster()).isEqualTo(left);
      assertThat(postgres.address().jdbcUrl()).contains(":" + port + "/");
      assertThat(ask(postgres.address(), "SELECT count(*) FROM adopted")).isEqualTo("0");
    }
    assertThat(Postmaster.on(CLUSTER)).isEmpty();
  }

  @Test
  void itsCommitsAreRecoveredWhenThePostmasterWasKilledToo() throws IOException {
    killedServer("CREATE TABLE recovered AS SELECT generate_series(1, 1000)");
    kill(postmaster());

    try (DataFolder folder = DataFolder.lock(PATH, Duration.ofSeconds(10));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(ask(postgres.address(), "SELECT count(*) FROM recovered")).isEqualTo("1000");
    }
  }

  @Test
  void aSessionThatOutlivesTheKilledPostmasterIsWaitedFor() throws IOException {
    killedServer("SELECT 1");
    DatabaseAddress address = EmbeddedAddress.read(PATH).orElseThrow();
    var busy =
        CompletableFuture.supplyAsync(
            () -> ask(address, "SELECT count(*) /* busy */ FROM generate_series(1, 4000000)"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !ask(address, RUNNING_BUSY).equals("0"));
    kill(postmaster());

    try (DataFolder folder = DataFolder.lock(PATH, Duration.ofSeconds(10));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(ask(postgres.address(), "SELECT 1")).isEqualTo("1");
      assertThat(busy.handle((answer, failure) -> true).join()).isTrue();
    }
  }

  @Test
  void aCommandUsesTheDatabaseOfTheRunningServer() throws IOException {
    try (ChildJvm server = ChildJvm.start(ServerProcess.class, PATH.toString())) {
      server.hear();

      assertThatThrownBy(() -> DataFolder.lock(PATH, Duration.ZERO))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessageContaining("process " + server.pid());
      DatabaseAddress address = DataFolder.runningDatabase(PATH).orElseThrow();
      assertThat(ask(address, "SELECT current_database()")).isEqualTo("posthorn");
    }

    assertThat(DataFolder.runningDatabase(PATH)).isEmpty();
    try (DataFolder folder = DataFolder.lock(PATH, Duration.ZERO)) {
      EmbeddedPostgres.start(folder).close();
    }
  }

  /** Starts a server in a process of its own, works in it, kills that process; gives the port. */
  private static String killedServer(String statement) throws IOException {
    try (ChildJvm server = ChildJvm.start(ServerProcess.class, PATH.toString())) {
      String port = server.hear();
      DatabaseAddress address = EmbeddedAddress.read(PATH).orElseThrow();
      jdbi(address).useHandle(handle -> handle.execute(statement));
      return port;
    }
  }

  private static long postmaster() throws IOException {
    return Postmaster.on(CLUSTER.toRealPath()).orElseThrow().pid();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Postmaster.program(pid).isEmpty());
  }

  private static String ask(DatabaseAddress address, String query) {
    return jdbi(address).withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  private static Jdbi jdbi(DatabaseAddress address) {
    return Jdbi.create(address.jdbcUrl(), address.user(), address.password().value());
  }
}
