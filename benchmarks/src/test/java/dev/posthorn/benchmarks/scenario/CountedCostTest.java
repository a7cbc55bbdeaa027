package dev.posthorn.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.delivery.BareSettle;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a delivered event costs the database, counted: it does not depend on the machine's mood. */
final class CountedCostTest {
  private static final int ACCOUNTS = 16;
  private static final int BATCHES = 40;
  private static final int BATCH = 100;
  private static final int EVENTS = BATCHES * BATCH;
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String ADD_WEBHOOK =
      """
      INSERT INTO webhook (account_id, public_id, url, secret, rate_limit, created_at, updated_at)
      VALUES (?, gen_random_uuid(), 'http://receiver.example/', '', 60, now(), now())
      """;

  private static final String ROWS =
      """
      SELECT sum(n_tup_ins) || ' in, ' || sum(n_tup_upd) || ' changed, ' || sum(n_tup_del) || ' out'
      FROM pg_stat_user_tables WHERE relname ~ '^(event|delivery|attempt)_2'
      """;

  /** Changes of counts that were made within their page, and so cost no index entry. */
  private static final String IN_PLACE =
      """
      SELECT sum(n_tup_hot_upd) / nullif(sum(n_tup_upd), 0)
      FROM pg_stat_user_tables WHERE relname ~ '^webhook_minute_2'
      """;

  private static final String WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

  @AutoClose private final Storage storage;
  private final AtomicInteger statements = new AtomicInteger();
  private final EngineClock clock;
  private final TimeOrderedIds ids;
  private List<Long> accounts = List.of();

  CountedCostTest(@TempDir Path folder) {
    storage = new Storage(folder);
    clock = new EngineClock(storage.database().time(), System::nanoTime);
    ids = new TimeOrderedIds(clock, new SplittableRandom(1));
  }

  @BeforeEach
  void makeWebhooks() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    new Partitions(storage.database()).makeAhead(today);
    accounts = Account.make(storage.database(), ACCOUNTS).stream().map(Account::id).toList();
    storage.database().useHandle(handle -> accounts.forEach(id -> handle.execute(ADD_WEBHOOK, id)));
  }

  @Test
  void anEventIsThreeRowsAndOneChangeInThreeStatementsABatch() {
    EventSource source = new EventSource(accounts, clock, ids);
    try (Handle session = storage.database().session()) {
      session.getConfig(SqlStatements.class).setSqlLogger(counting());
      cycle(session, source); // pages that a checkpoint left are logged whole the first time
      statements.set(0);
      long before = storage.count(WAL);
      for (int batch = 1; batch < BATCHES; batch++) {
        cycle(session, source);
      }
      double walBytes = (storage.count(WAL) - before) / (double) (EVENTS - BATCH);

      assertThat(statements.get()).isEqualTo(3 * (BATCHES - 1));
      assertThat(walBytes).as("bytes of WAL an event").isLessThan(1_700);
    }
    String rows = "%d in, %d changed, 0 out".formatted(3 * EVENTS, EVENTS);
    await().atMost(SOON).untilAsserted(() -> assertThat(storage.one(ROWS)).isEqualTo(rows));
    assertThat(new BigDecimal(storage.one(IN_PLACE)))
        .as("counts changed in place")
        .isGreaterThan(new BigDecimal("0.95"));
  }

  private void cycle(Handle session, EventSource source) {
    List<NewEvent> events = source.next(BATCH);
    List<PublishedEvent> published =
        session.inTransaction(transaction -> EventLog.publish(transaction, events));
    session.useTransaction(
        transaction -> new BareSettle(ids).settle(transaction, published, clock.instant()));
  }

  private SqlLogger counting() {
    return new SqlLogger() {
      @Override
      public void logBeforeExecution(StatementContext context) {
        statements.incrementAndGet();
      }
    };
  }
}
