package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.DailyTable;
import dev.posthorn.db.PartitionRemoval;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What is removed, what is kept, and that nobody waits for it. The clock is set, steps are called.
 */
final class HousekeepingTest {
  private static final Duration RETENTION = Duration.ofDays(30);
  private static final Duration SOON = Duration.ofSeconds(20);

  @AutoClose private final HistoryFixture fixture = new HistoryFixture();

  private final Housekeeping housekeeping =
      new Housekeeping(fixture.database, fixture.partitions, () -> fixture.now, RETENTION);

  private final LocalDate old = fixture.today();

  @Test
  void makesPartitionsTwoWeeksAhead() {
    housekeeping.runOnce();

    for (DailyTable table : DailyTable.values()) {
      assertThat(exists(table, old.plusDays(14))).as(table.name()).isTrue();
      assertThat(exists(table, old.plusDays(15))).as(table.name()).isFalse();
    }
  }

  @Test
  void makesPartitionsEveryHour() {
    housekeeping.runOnce();
    fixture.now = Instant.parse("2026-06-16T00:00:00Z");

    housekeeping.runOnce();

    assertThat(exists(DailyTable.EVENT, old.plusDays(15))).isTrue();
  }

  @Test
  void vacuumsDeliveriesByTheNumberOfRows() {
    String options =
        fixture.database.withHandle(handle ->
            handle
                .createQuery("SELECT reloptions::text FROM pg_class WHERE relname = :name")
                .bind("name", DailyTable.DELIVERY.on(old).name())
                .mapTo(String.class)
                .one());

    assertThat(options)
        .contains("autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_threshold=20000");
  }

  @Test
  void removesADayOnceAllOfItIsOlderThanTheRetention() {
    LaneKey webhook = fixture.webhook(60);
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200));

    passTo("2026-07-15T23:59:59Z");
    assertThat(exists(DailyTable.DELIVERY, old)).isTrue();
    passTo("2026-07-16T01:00:00Z");

    assertThat(exists(DailyTable.EVENT, old)).isFalse();
    assertThat(exists(DailyTable.DELIVERY, old)).isFalse();
    assertThat(exists(DailyTable.ATTEMPT, old)).isFalse();
    assertThat(fixture.count("SELECT count(*) FROM event")).isZero();
    assertThat(housekeeping.report().keptDays()).isEmpty();
    assertThat(exists(DailyTable.EVENT, old.plusDays(1))).isTrue();
  }

  @Test
  void keepsADayThatStillHasSomethingToSendAndSaysSo() {
    LaneKey webhook = fixture.webhook(60);
    Delivery delivery = fixture.publish("a.b");

    passTo("2026-07-20T00:00:00Z");

    assertThat(housekeeping.report().keptDays()).containsExactly(new Housekeeping.KeptDay(old, 1));
    assertThat(exists(DailyTable.EVENT, old)).isTrue();
    assertThat(exists(DailyTable.DELIVERY, old)).isTrue();
    assertThat(exists(DailyTable.ATTEMPT, old)).isTrue();
    assertThat(exists(DailyTable.DELIVERY, old.minusDays(1))).isFalse();

    fixture.record(fixture.answered(webhook, delivery, 200));
    passTo("2026-07-20T01:00:00Z");

    assertThat(housekeeping.report().keptDays()).isEmpty();
    assertThat(exists(DailyTable.EVENT, old)).isFalse();
  }

  @Test
  void doesNotKeepADayForDisabledOrDeletedWebhooks() {
    fixture.webhook(60);
    fixture.webhook(60);
    fixture.publish("a.b", 3);
    fixture.update("UPDATE webhook SET enabled = false WHERE id = (SELECT min(id) FROM webhook)");
    fixture.update(
        "UPDATE webhook SET deleted_at = '2026-06-15T12:00:00Z' WHERE id = (SELECT max(id) FROM webhook)");

    passTo("2026-07-20T00:00:00Z");

    assertThat(exists(DailyTable.DELIVERY, old)).isFalse();
    assertThat(exists(DailyTable.EVENT, old)).isFalse();
  }

  @Test
  void removesWebhooksThatWereDeletedLongAgoWithTheirCounts() {
    LaneKey gone = fixture.webhook(60);
    fixture.record(fixture.answered(gone, fixture.publish("a.b"), 200));
    fixture.update("UPDATE webhook SET deleted_at = '2026-06-15T11:00:00Z'");
    LaneKey deletedLater = fixture.webhook(60);
    fixture.update(
        "UPDATE webhook SET deleted_at = '2026-07-10T00:00:00Z' WHERE id = ?",
        deletedLater.webhookId());
    passTo("2026-06-15T13:00:00Z");
    assertThat(fixture.count("SELECT count(*) FROM webhook_hour")).isEqualTo(1);

    passTo("2026-07-20T00:00:00Z");

    assertThat(fixture.count("SELECT id FROM webhook")).isEqualTo(deletedLater.webhookId());
    assertThat(fixture.count("SELECT count(*) FROM webhook_hour")).isZero();
  }

  @Test
  void keepsTakeoversAsLongAsTheAttemptsThatTheyExplain() {
    fixture.update(
        "INSERT INTO shard_doubt (shard, at, kind) VALUES (1, '2026-06-15T11:00:00Z', 'takeover'),"
            + " (1, '2026-07-10T00:00:00Z', 'takeover')");

    passTo("2026-07-15T23:59:59Z"); // the last moment at which its day is kept
    assertThat(fixture.count("SELECT count(*) FROM shard_doubt")).isEqualTo(2);
    passTo("2026-07-20T00:00:00Z");

    assertThat(fixture.count("SELECT count(*) FROM shard_doubt")).isEqualTo(1);
  }

  @Test
  void removesCountsByMinuteOnceTheirHoursAreAddedUp() {
    LaneKey webhook = fixture.webhook(60);
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200));

    passTo("2026-06-18T00:30:00Z");

    assertThat(exists(DailyTable.WEBHOOK_MINUTE, old)).isFalse();
    assertThat(exists(DailyTable.WEBHOOK_MINUTE, old.plusDays(1))).isTrue();
    assertThat(fixture.count("SELECT sum(answered_2xx) FROM webhook_hour")).isEqualTo(1);
  }

  @Test
  void finishesADetachThatWasInterruptedAndHoldsNobodyUp() throws SQLException {
    LaneKey webhook = fixture.webhook(60);
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200));
    fixture.partitions.make(LocalDate.parse("2026-07-19"), LocalDate.parse("2026-07-21"));
    try (Connection reader = fixture.database.dedicated();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      // Reads the table that is to lose a partition, and stays open: detaching has to wait for it.
      statement.execute("SELECT count(*) FROM delivery");

      passTo("2026-07-20T00:00:00Z");

      assertThat(state(DailyTable.DELIVERY, old.minusDays(3)))
          .isEqualTo(PartitionRemoval.State.MARKED);
      fixture.publish("a.b", 10); // with the partition half detached and the reader still open
      reader.rollback();
    }

    passTo("2026-07-20T01:00:00Z");

    assertThat(exists(DailyTable.DELIVERY, old.minusDays(3))).isFalse();
    assertThat(exists(DailyTable.DELIVERY, old)).isFalse();
    assertThat(fixture.count("SELECT count(*) FROM delivery")).isEqualTo(10);
  }

  @Test
  void publishingGoesOnWhileDetachingWaitsForALock() throws Exception {
    fixture.webhook(60);
    try (Connection reader = fixture.database.dedicated();
        Statement statement = reader.createStatement();
        Handle session = fixture.database.session()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM event");
      PartitionRemoval removal = new PartitionRemoval(session);
      PartitionRemoval.Found found = found(removal, DailyTable.EVENT);
      session.execute("SET lock_timeout = 0"); // waits for as long as the reader reads

      Thread removing = Thread.ofPlatform().start(() -> removal.detach(found));
      await().atMost(SOON).until(this::removalWaitsForALock);
      fixture.now = fixture.now.plus(Duration.ofDays(1)); // into a day that stays
      fixture.publish("a.b");

      assertThat(removalWaitsForALock()).isTrue();
      reader.rollback();
      removing.join(SOON);
      assertThat(removing.isAlive()).isFalse();
      assertThat(fixture.count("SELECT count(*) FROM event")).isEqualTo(1);
    }
  }

  @Test
  void dropsWhatWasDetachedAndNotDropped() {
    try (Handle session = fixture.database.session()) {
      PartitionRemoval removal = new PartitionRemoval(session);
      removal.detach(found(removal, DailyTable.DELIVERY));
    }

    passTo("2026-07-20T00:00:00Z");

    assertThat(exists(DailyTable.DELIVERY, old)).isFalse();
    assertThat(exists(DailyTable.EVENT, old)).isFalse();
  }

  @Test
  void attachesADayAgainThatGotSomethingToSendWhileItWasDetached() {
    LaneKey webhook = fixture.webhook(60);
    fixture.record(fixture.answered(webhook, fixture.publish("a.b"), 200));
    try (Handle session = fixture.database.session()) {
      PartitionRemoval removal = new PartitionRemoval(session);
      removal.detach(found(removal, DailyTable.DELIVERY));
      session.execute("UPDATE " + DailyTable.DELIVERY.on(old).name() + " SET state = 'pending'");
    }

    passTo("2026-07-20T00:00:00Z");

    assertThat(fixture.count("SELECT count(*) FROM delivery WHERE state = 'pending'")).isEqualTo(1);
    assertThat(housekeeping.report().keptDays()).containsExactly(new Housekeeping.KeptDay(old, 1));
  }

  @Test
  void leavesTheRemovalToTheNodeThatIsAtIt() {
    try (Handle other = fixture.database.session()) {
      other.execute("SELECT pg_advisory_lock(1886352499, 1)");

      passTo("2026-07-20T00:00:00Z");

      assertThat(exists(DailyTable.DELIVERY, old)).isTrue();
    }
  }

  @Test
  void reportsTheOldestOpenTransaction() throws SQLException {
    try (Connection open = fixture.database.dedicated();
        Statement statement = open.createStatement()) {
      open.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      open.setAutoCommit(false);
      statement.execute("SET application_name = 'slow report'");
      statement.execute("SELECT count(*) FROM event");

      housekeeping.runOnce();

      assertThat(housekeeping.report().oldestSnapshot())
          .hasValueSatisfying(snapshot -> assertThat(snapshot.who()).contains("slow report"));
      open.rollback();
    }
    housekeeping.runOnce();
    assertThat(housekeeping.report().oldestSnapshot().map(snapshot -> snapshot.who()).orElse(""))
        .doesNotContain("slow report");
  }

  private void passTo(String moment) {
    fixture.now = Instant.parse(moment);
    housekeeping.runOnce();
  }

  private PartitionRemoval.Found found(PartitionRemoval removal, DailyTable table) {
    return removal.all().stream()
        .filter(found -> found.partition().equals(table.on(old)))
        .findFirst()
        .orElseThrow();
  }

  private boolean removalWaitsForALock() {
    return fixture.count(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%DETACH%'")
        > 0;
  }

  private boolean exists(DailyTable table, LocalDate date) {
    return fixture.count(
            "SELECT count(*) FROM pg_class WHERE relname = '" + table.on(date).name() + "'")
        > 0;
  }

  private PartitionRemoval.State state(DailyTable table, LocalDate date) {
    try (Handle session = fixture.database.session()) {
      return new PartitionRemoval(session)
          .all().stream()
              .filter(found -> found.partition().equals(table.on(date)))
              .map(PartitionRemoval.Found::state)
              .findFirst()
              .orElseThrow();
    }
  }
}
