package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One cluster, started and stopped by each test. */
final class EmbeddedPostgresTest {
  private static final Scratch SCRATCH = Scratch.create();
  private static final Path PATH = SCRATCH.path().resolve("data");
  private static final Path CLUSTER = PATH.resolve("postgres/data");

  @SuppressWarnings("NullAway.Init")
  private DataFolder folder;

  @BeforeEach
  void takeTheFolder() {
    folder = DataFolder.lock(PATH, Duration.ZERO);
  }

  @AfterEach
  void releaseTheFolder() {
    folder.close();
  }

  @AfterAll
  static void deleteTheFolder() {
    SCRATCH.close();
  }

  @Test
  void keepsItsDataAndItsAddressOverARestart() throws IOException {
    DatabaseAddress first;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      first = postgres.address();
      change(first, "CREATE TABLE kept AS SELECT 42 AS answer");
    }
    assertThat(Postmaster.on(CLUSTER)).isEmpty();

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(postgres.address()).isEqualTo(first);
      assertThat(ask(first, "SELECT answer FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void isDurableAndHeardOnLoopbackOnly() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(ask(postgres.address(), setting("fsync"))).isEqualTo("on");
      assertThat(ask(postgres.address(), setting("synchronous_commit"))).isEqualTo("on");
      assertThat(ask(postgres.address(), setting("full_page_writes"))).isEqualTo("on");
      assertThat(ask(postgres.address(), setting("data_checksums"))).isEqualTo("on");
      assertThat(ask(postgres.address(), setting("listen_addresses"))).isEqualTo("127.0.0.1");
      assertThat(ask(postgres.address(), setting("TimeZone"))).isEqualTo("UTC");
    }
  }

  @Test
  void refusesAWrongPassword() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      DatabaseAddress right = postgres.address();
      DatabaseAddress wrong = new DatabaseAddress(right.jdbcUrl(), right.user(), new Secret("no"));

      assertThatThrownBy(() -> ask(wrong, "SELECT 1"))
          .rootCause()
          .isInstanceOfSatisfying(
              SQLException.class, refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"));
    }
  }

  @Test
  void neverRunsAsRoot() throws IOException {
    try (EmbeddedPostgres _ = EmbeddedPostgres.start(folder)) {
      Path process = Path.of("/proc/" + Postmaster.on(CLUSTER).orElseThrow().pid());

      assertThat(Files.getAttribute(process, "unix:uid")).isNotEqualTo(0);
    }
  }

  @Test
  void refusesToRunWhenCommitsCouldBeLost() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      change(postgres.address(), "ALTER SYSTEM SET synchronous_commit = off");
    }

    assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("without synchronous_commit");
    assertThat(Postmaster.on(CLUSTER)).isEmpty();
    Files.writeString(CLUSTER.resolve("postgresql.auto.conf"), "");
  }

  @Test
  void tellsWhatTheServerSaidWhenItDoesNotStart() throws IOException {
    EmbeddedPostgres.start(folder).close();
    Files.writeString(CLUSTER.resolve("postgresql.auto.conf"), "no_such_setting = 1\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("no_such_setting")
        .hasMessageContaining(CLUSTER.toRealPath().toString());
    Files.writeString(CLUSTER.resolve("postgresql.auto.conf"), "");
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws IOException {
    EmbeddedPostgres.start(folder).close();
    int last = EmbeddedAddress.port(folder.path()).orElseThrow();

    try (ServerSocket taken = new ServerSocket(last, 1, InetAddress.ofLiteral("127.0.0.1"));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(ask(postgres.address(), setting("port"))).isNotEqualTo("" + taken.getLocalPort());
    }
  }

  @Test
  void asksForTheLostPasswordFile() throws IOException {
    EmbeddedPostgres.start(folder).close();
    Secret password = EmbeddedAddress.password(PATH).orElseThrow();
    Files.delete(PATH.resolve("postgres.password"));

    assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("postgres.password");
    EmbeddedAddress.storePassword(PATH, password);
  }

  @Test
  void startsThoughALeftPidBelongsToAnotherProgramNow() throws IOException {
    EmbeddedPostgres.start(folder).close();
    long ours = ProcessHandle.current().pid();
    Files.writeString(Postmaster.file(CLUSTER), ours + "\n" + CLUSTER + "\n1\n5432\n\n\n\nready\n");
    assertThat(Postmaster.on(CLUSTER)).isEmpty();
    assertThat(Postmaster.isLeftover(CLUSTER)).isTrue();

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertThat(ask(postgres.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  private static String setting(String name) {
    return "SHOW " + name;
  }

  private static String ask(DatabaseAddress address, String query) {
    return jdbi(address).withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  private static void change(DatabaseAddress address, String statement) {
    jdbi(address).useHandle(handle -> handle.execute(statement));
  }

  private static Jdbi jdbi(DatabaseAddress address) {
    return Jdbi.create(address.jdbcUrl(), address.user(), address.password().value());
  }
}
