package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class PartitionsTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 10);
  private static final String INSERT =
      "INSERT INTO event (account_id, id, type, payload, created_at) VALUES (1, ?, 't', '', now())";

  @AutoClose private final TestDatabase postgres = TestDatabase.migrated();
  private final Partitions partitions = new Partitions(postgres.database());

  @Test
  void areMadeFromYesterdayToTwoWeeksAheadOnce() {
    partitions.makeAhead(TODAY);
    partitions.makeAhead(TODAY);

    assertThat(partitions.daysUntil(TODAY.plusYears(1)))
        .hasSize(16)
        .first()
        .isEqualTo(Partitions.Day.of(TODAY.minusDays(1)));
    assertThat(partitions.daysUntil(TODAY)).hasSize(2);
    assertThat(tables("event_2%")).isEqualTo(16);
    assertThat(tables("attempt_2%")).isEqualTo(16);
  }

  @Test
  void takeTheIdsOfTheirDayFromTheFirstToTheLast() {
    partitions.makeAhead(TODAY);
    Partitions.Day day = Partitions.Day.of(TODAY);

    insert(day.from());
    insert(new UUID(day.to().getMostSignificantBits() - 1, -1));

    assertThat(count("event_2026_03_10")).isEqualTo(2);
  }

  @Test
  void areAttachedWhileAnotherTransactionThatPublishedStaysOpen() {
    partitions.makeAhead(TODAY);
    try (Handle application = postgres.database().session()) {
      application.begin();
      application.execute(INSERT, Partitions.Day.of(TODAY).from());

      partitions.makeAhead(TODAY.plusDays(1));
      insert(Partitions.Day.of(TODAY.plusDays(15)).from());

      assertThat(count("event_2026_03_25")).isEqualTo(1);
      application.rollback();
    }
  }

  @Test
  void areMadeByTwoNodesAtOnce() {
    Partitions other = new Partitions(postgres.database());
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      threads.execute(() -> partitions.makeAhead(TODAY));
      threads.execute(() -> other.makeAhead(TODAY));
    }
    partitions.makeAhead(TODAY);

    assertThat(partitions.daysUntil(TODAY.plusYears(1))).hasSize(16);
  }

  @Test
  void aLockThatSomebodyHoldsIsNotWaitedForAndTheRestIsMadeLater() {
    try (Handle other = postgres.database().session()) {
      other.begin();
      other.execute("LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE");
      try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
        threads.execute(() -> partitions.makeAhead(TODAY.minusDays(14)));
        await().atMost(Duration.ofSeconds(20)).until(() -> partitions.daysUntil(TODAY).size() >= 2);
        other.rollback();
      }
    }
    partitions.makeAhead(TODAY.minusDays(14));

    assertThat(tables("attempt_2%")).isEqualTo(16);
  }

  private void insert(UUID id) {
    postgres.database().withHandle(handle -> handle.execute(INSERT, id));
  }

  private long count(String table) {
    return postgres
        .database()
        .withHandle(
            handle -> handle.select("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  private long tables(String pattern) {
    return postgres
        .database()
        .withHandle(handle ->
            handle
                .select("SELECT count(*) FROM pg_tables WHERE tablename LIKE ?", pattern)
                .mapTo(Long.class)
                .one());
  }
}
