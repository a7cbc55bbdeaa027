package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL 15, the oldest that an operator may bring. */
final class OldestPostgresTest {
  private static final Scratch SCRATCH = Scratch.create();

  @AfterAll
  static void deleteTheFolder() {
    SCRATCH.close();
  }

  @Test
  void migratesButIsNotTheEmbeddedOne() throws IOException {
    Path data = SCRATCH.path().resolve("data");
    try (DataFolder folder = DataFolder.lock(data, Duration.ZERO)) {
      try (EmbeddedPostgres oldest = EmbeddedPostgres.start(folder, archive());
          Database database = Database.open(oldest.address(), 2)) {
        Migrations.run(database);

        assertThat(version(database)).startsWith("15.");
      }

      assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
          .isInstanceOf(UnusableDatabaseException.class)
          .hasMessageContaining("written by PostgreSQL 15, and this Posthorn brings PostgreSQL 18");
    }
  }

  private static String version(Database database) {
    return database.withHandle(
        handle -> handle.createQuery("SHOW server_version").mapTo(String.class).one());
  }

  /** The same entry of the older jar as of the one on the class path. */
  private static PostgresArchive archive() throws IOException {
    String newest = PostgresArchive.forThisMachine().location().toString();
    try (Stream<Path> jars = Files.list(Path.of("target", "oldest-postgres"))) {
      URI jar = jars.findFirst().orElseThrow().toUri();
      URL entry = URI.create("jar:" + jar + newest.substring(newest.indexOf("!/"))).toURL();
      return new PostgresArchive(entry);
    }
  }
}
