package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TestDatabaseTest {
  @Test
  void givesEachCallerADatabaseOfItsOwn() {
    try (TestDatabase one = TestDatabase.migrated();
        TestDatabase other = TestDatabase.migrated()) {
      one.database().withHandle(handle -> handle.execute("CREATE TABLE public.mine ()"));

      assertThat(tables(one)).contains("mine");
      assertThat(tables(other)).doesNotContain("mine");
    }
  }

  private static java.util.List<String> tables(TestDatabase postgres) {
    return postgres
        .database()
        .withHandle(handle ->
            handle
                .createQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                .mapTo(String.class)
                .list());
  }
}
