package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Where tables cannot be distributed that is said, and nothing is changed. */
final class DistributionTest {
  @AutoClose private final TestDatabase postgres = TestDatabase.migrated();

  @Test
  void withoutTheExtensionItIsRefusedAndNothingIsChanged() {
    List<String> before = catalogue(postgres.database());

    assertThatThrownBy(() -> Distribution.run(postgres.database()))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("does not have the extension citus")
        .hasMessageContaining("nothing was changed");

    assertThat(catalogue(postgres.database())).isEqualTo(before).hasSizeGreaterThan(500);
  }

  @Test
  void anEmptyDatabaseWithoutTheExtensionStaysEmpty() {
    try (TestDatabase empty = TestDatabase.empty()) {
      assertThatThrownBy(() -> Distribution.run(empty.database()))
          .hasMessageContaining("does not have the extension citus");

      assertThat(catalogue(empty.database())).isEmpty();
      assertThat(
              list(empty.database(), "SELECT nspname FROM pg_namespace WHERE nspname = 'posthorn'"))
          .isEmpty();
    }
  }

  @Test
  void anExtensionThatIsTooOldIsRefused() {
    assertThatThrownBy(() -> Citus.refuseOld("12.1-1")).hasMessageContaining("version 12.1-1");
    Citus.refuseOld("13.2-1");
    Citus.refuseOld("14.0-1");
  }

  @Test
  void aDatabaseThatANodeRunsOnIsRefused() {
    try (Handle session = postgres.database().session()) {
      Citus.refuseWhileInUse(session);
      session.execute(
          "INSERT INTO node (id, name, beat, pid, backend_start, started_at)"
              + " SELECT gen_random_uuid(), 'post-1', 0, pid, backend_start, now()"
              + " FROM pg_stat_activity WHERE pid = pg_backend_pid()");

      assertThatThrownBy(() -> Citus.refuseWhileInUse(session))
          .hasMessageContaining("post-1 runs on this database");
    }
  }

  @Test
  void everyTableIsInExactlyOneClass() {
    List<String> classified = new ArrayList<>(Distribution.tables());
    classified.addAll(localTables());

    assertThat(classified)
        .containsExactlyInAnyOrderElementsOf(
            list(
                postgres.database(),
                """
                SELECT relname FROM pg_class
                WHERE relnamespace = 'posthorn'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                """));
  }

  @Test
  void everyKeyOfADistributedTableHasTheAccountAndThePrimaryKeyStartsWithIt() {
    assertThat(keysWithoutTheAccount()).isEmpty();
  }

  @Test
  void aKeyWithoutTheAccountIsFound() {
    postgres
        .database()
        .useHandle(handle -> {
          handle.execute("ALTER TABLE intent DROP CONSTRAINT intent_pkey");
          handle.execute("ALTER TABLE intent ADD PRIMARY KEY (webhook_id, account_id, id)");
          handle.execute("CREATE UNIQUE INDEX one_url ON webhook (url)");
          handle.execute("ALTER TABLE company ADD UNIQUE (id)");
          handle.execute(
              "ALTER TABLE contact ADD CONSTRAINT bad FOREIGN KEY (company_id) REFERENCES company (id)");
        });

    assertThat(keysWithoutTheAccount())
        .containsExactlyInAnyOrder("intent_pkey", "one_url", "company_id_key", "bad");
  }

  private List<String> keysWithoutTheAccount() {
    return postgres
        .database()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT i.indexrelid::regclass::text AS name
                    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'account_id'
                    WHERE t.relname = ANY (:tables) AND i.indisunique
                      AND (a.attnum <> ALL (i.indkey) OR i.indisprimary AND i.indkey[0] <> a.attnum)
                    UNION ALL
                    SELECT k.conname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'account_id'
                    WHERE t.relname = ANY (:tables) AND k.contype = 'f' AND a.attnum <> ALL (k.conkey)
                    """)
                .bindArray("tables", String.class, Distribution.tables())
                .mapTo(String.class)
                .list());
  }

  private static List<String> localTables() {
    return Distribution.text()
        .lines()
        .filter(line -> line.startsWith("-- local: "))
        .flatMap(line -> Arrays.stream(line.substring("-- local: ".length()).split(", ")))
        .collect(Collectors.toList());
  }

  /** Every table, column, index, constraint and function of the schema, and where its rows are. */
  private static List<String> catalogue(Database database) {
    return list(
        database,
        """
        SELECT concat_ws(' ', 'relation', relname, relkind, relfilenode, reloptions) FROM pg_class
        WHERE relnamespace = to_regnamespace('posthorn')
        UNION ALL
        SELECT concat_ws(' ', 'column', c.relname, a.attname, a.atttypid::regtype, a.attnotnull) FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = to_regnamespace('posthorn') AND a.attnum > 0
        UNION ALL
        SELECT concat_ws(' ', 'constraint', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = to_regnamespace('posthorn')
        UNION ALL
        SELECT concat_ws(' ', 'function', oid::regprocedure, proacl, prosrc) FROM pg_proc
        WHERE pronamespace = to_regnamespace('posthorn')
        UNION ALL
        SELECT concat_ws(' ', 'extension', extname) FROM pg_extension WHERE extname <> 'plpgsql'
        ORDER BY 1
        """);
  }

  private static List<String> list(Database database, String sql) {
    return database.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
