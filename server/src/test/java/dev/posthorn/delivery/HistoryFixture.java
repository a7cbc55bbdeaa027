package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.TestDatabase;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.FailureClass;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Caller;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.http.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * A database with two accounts whose clock a test sets, the API that reads it, and outcomes written
 * as the recorder writes them. No engine runs, so nothing happens that the test does not do.
 */
final class HistoryFixture implements AutoCloseable {
  static final long ACCOUNT = 1;

  private static final Map<String, Caller> CALLERS =
      Map.of(
          "ph_live_one", new Caller(1, 11, EnumSet.allOf(Scope.class)),
          "ph_live_two", new Caller(2, 21, EnumSet.allOf(Scope.class)),
          "ph_live_writer", new Caller(1, 12, Set.of(Scope.RECORDS_WRITE)));

  final TestDatabase postgres = TestDatabase.migrated();
  final Database database = Database.openForEngine(postgres.address(), 4);
  final Partitions partitions = new Partitions(database);

  /** Set by tests. */
  Instant now = Instant.parse("2026-06-15T10:30:30Z");

  private final TimeOrderedIds ids = new TimeOrderedIds(() -> now, new Random(3));
  private final ApiServer server;

  HistoryFixture() {
    partitions.make(today().minusDays(3), today().plusDays(1));
    database.withHandle(
        handle -> handle.execute("INSERT INTO account (id, name) VALUES (1, 'one'), (2, 'two')"));
    Cursors cursors = new Cursors(new byte[32]);
    this.server =
        ApiServer.start(
            new HttpSettings(
                "127.0.0.1", 0, URI.create("https://posthorn.test"), HttpSettings.Limits.DEFAULT),
            List.of(
                new DeliveryRoutes(database, cursors, () -> now),
                new StatsRoutes(database, () -> now)),
            new ApiServer.Rules(
                key -> Optional.ofNullable(CALLERS.get(key)),
                new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime),
                Database::isTransient),
            new ApiServer.Nature(System::nanoTime, new Random(1)));
  }

  ApiClient api() {
    return ApiClient.on(server.port(), "ph_live_one");
  }

  ApiClient otherAccount() {
    return ApiClient.on(server.port(), "ph_live_two");
  }

  ApiClient withoutScope() {
    return ApiClient.on(server.port(), "ph_live_writer");
  }

  LocalDate today() {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** Registers a webhook for every event type. */
  LaneKey webhook(int rateLimit) {
    UUID publicId = UUID.randomUUID();
    long id =
        database.withHandle(handle ->
            handle
                .createQuery(
                    """
                    INSERT INTO webhook (account_id, public_id, url, secret, rate_limit, created_at, updated_at)
                    VALUES (:account, :publicId, 'https://example.com/', '\\x00', :limit, :now, :now) RETURNING id
                    """)
                .bind("account", ACCOUNT)
                .bind("publicId", publicId)
                .bind("limit", rateLimit)
                .bind("now", DeliveryQueue.utc(now))
                .mapTo(Long.class)
                .one());
    return new LaneKey(ACCOUNT, id, publicId);
  }

  /** Publishes one event now, to every webhook. */
  Delivery publish(String type) {
    byte[] payload = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    NewEvent event = new NewEvent(ACCOUNT, ids.next(), type, null, payload, now);
    database.inTransaction(transaction -> EventLog.publish(transaction, List.of(event)));
    return Delivery.fresh(event.id(), type, payload, now);
  }

  List<Delivery> publish(String type, int count) {
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      deliveries.add(publish(type));
    }
    return deliveries;
  }

  /** The delivery as it is taken for its next attempt. */
  static Delivery again(Delivery delivery) {
    return new Delivery(
        delivery.eventId(),
        delivery.eventType(),
        delivery.payload(),
        false,
        delivery.attempts() + 1,
        delivery.step() + 1,
        true,
        delivery.dueAt());
  }

  /** Stores outcomes through a recorder, in one batch or several. */
  void record(Outcome... outcomes) {
    try (Recorder recorder = new Recorder(database, 1, () -> now)) {
      for (Outcome outcome : outcomes) {
        recorder.record(outcome);
      }
    }
  }

  /** An attempt that ends now with an answer. */
  Outcome answered(LaneKey webhook, Delivery delivery, int status, String head, byte[] body) {
    Exchange exchange =
        new Exchange.Answered(
            status,
            new ResponseCapture(
                head.getBytes(StandardCharsets.ISO_8859_1), body, false, body.length >= 16_384),
            List.of(),
            timings());
    Verdict verdict = status / 100 == 2 ? new Verdict.Succeeded() : retry();
    return outcome(webhook, delivery, exchange, verdict);
  }

  Outcome answered(LaneKey webhook, Delivery delivery, int status) {
    return answered(webhook, delivery, status, "HTTP/1.1 " + status + " X\r\n", new byte[0]);
  }

  /** An attempt that ends now without an answer. */
  Outcome unanswered(LaneKey webhook, Delivery delivery, Verdict verdict) {
    FailureClass failure = FailureClass.CONNECT_REFUSED;
    Exchange exchange = new Exchange.Failed(failure, failure.sentence(), false, timings());
    return outcome(webhook, delivery, exchange, verdict);
  }

  Outcome outcome(LaneKey webhook, Delivery delivery, Exchange exchange, Verdict verdict) {
    Attempt attempt =
        new Attempt(
            ids.next(),
            delivery.attempts() + 1,
            now,
            now.plus(RateWindow.HOLD),
            1,
            Optional.of(exchange));
    return new Outcome(
        webhook, delivery, attempt, verdict, Optional.empty(), FailureRun.Change.NONE, noRun());
  }

  FailureRun noRun() {
    return new FailureRun(Duration.ofDays(5), FailureRun.State.NO_FAILURE);
  }

  Verdict retry() {
    return new Verdict.Retry(now.plusSeconds(300), 1);
  }

  private static Timings timings() {
    return new Timings(
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        null,
        Duration.ofMillis(40),
        Duration.ofMillis(42),
        0);
  }

  void update(String sql, Object... arguments) {
    database.withHandle(handle -> handle.execute(sql, arguments));
  }

  long count(String sql) {
    return database.withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    server.close();
    database.close();
    postgres.close();
  }
}
