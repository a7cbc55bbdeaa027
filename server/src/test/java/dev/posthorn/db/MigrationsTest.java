package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MigrationsTest {
  private static final String OLDER = "classpath:dev/posthorn/db/older";
  private static final String NEWER = "classpath:dev/posthorn/db/newer";
  private static final String BROKEN = "classpath:dev/posthorn/db/broken";

  @SuppressWarnings("NullAway.Init")
  private TestDatabase postgres;

  @BeforeEach
  void createADatabase() {
    postgres = TestDatabase.empty();
  }

  @AfterEach
  void dropTheDatabase() {
    postgres.close();
  }

  @Test
  void applyWhatIsMissingToTheSchemaPosthorn() {
    Migrations.run(postgres.database(), OLDER);
    assertThat(tables()).containsExactly("first");

    Migrations.run(postgres.database(), NEWER);
    Migrations.run(postgres.database(), NEWER);
    assertThat(tables()).containsExactly("first", "second");
  }

  @Test
  void refuseADatabaseThatANewerProgramMigrated() {
    Migrations.run(postgres.database(), NEWER);

    assertThatThrownBy(() -> Migrations.run(postgres.database(), OLDER))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("version 2 by a newer Posthorn");
    assertThat(tables()).containsExactly("first", "second");
  }

  @Test
  void leaveNothingOfAMigrationThatFails() {
    assertThatThrownBy(() -> Migrations.run(postgres.database(), BROKEN))
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining("no_such_function");
    assertThat(tables()).containsExactly("first");

    Migrations.run(postgres.database(), NEWER);
    assertThat(tables()).containsExactly("first", "second");
  }

  @Test
  void areAppliedOnceWhenSeveralNodesStartTogether() {
    List<CompletableFuture<Void>> nodes =
        Stream.generate(
                () -> CompletableFuture.runAsync(() -> Migrations.run(postgres.database(), NEWER)))
            .limit(3)
            .toList();

    nodes.forEach(CompletableFuture::join);

    assertThat(tables()).containsExactly("first", "second");
  }

  @Test
  void refuseAServerOlderThanPostgres15() {
    assertThatThrownBy(() -> Migrations.refuseOldServer(140_023))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("version 14; Posthorn needs 15 or newer");
    Migrations.refuseOldServer(150_000);
  }

  private List<String> tables() {
    String query =
        """
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'posthorn' AND tablename <> 'flyway_schema_history'
        ORDER BY tablename
        """;
    return postgres
        .database()
        .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }
}
