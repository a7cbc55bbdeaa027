package dev.posthorn.crm;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.TestDatabase;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.event.RecordPayload;
import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Caller;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.http.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The records of two accounts over HTTP, on a database of their own. Each account has a member and
 * a webhook for every event type.
 */
final class CrmFixture implements AutoCloseable {
  static final long ACCOUNT = 1;
  static final long OTHER_ACCOUNT = 2;
  static final long MEMBER = 11;
  static final long OTHER_MEMBER = 21;
  static final URI PUBLIC_URL = URI.create("https://posthorn.test/");

  private static final Map<String, Caller> CALLERS =
      Map.of(
          "full", new Caller(ACCOUNT, 1, EnumSet.allOf(Scope.class)),
          "reader", new Caller(ACCOUNT, 2, Set.of(Scope.RECORDS_READ)),
          "writer", new Caller(ACCOUNT, 3, Set.of(Scope.RECORDS_WRITE)),
          "other", new Caller(OTHER_ACCOUNT, 4, EnumSet.allOf(Scope.class)));

  /** An event as it is stored, with how many deliveries it has. */
  record StoredEvent(String type, long recordId, String payload, long deliveries) {}

  private final TestDatabase postgres = TestDatabase.migrated();
  final Database database = postgres.database();
  final EngineClock clock = new EngineClock(databaseTime(), System::nanoTime);
  final RecordingHandover handover = new RecordingHandover();
  final Records records =
      new Records(
          database,
          new RecordEvents(
              new RecordPayload(PUBLIC_URL), clock, new TimeOrderedIds(clock, new Random(1))),
          handover);
  private final ApiServer server = server();

  CrmFixture() {
    new Partitions(database).makeAhead(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    addAccount(ACCOUNT, MEMBER);
    addAccount(OTHER_ACCOUNT, OTHER_MEMBER);
  }

  /** A client of the first account whose key may do everything. */
  ApiClient api() {
    return api("full");
  }

  /** {@code full}, {@code reader} or {@code writer} of the first account, or {@code other}. */
  ApiClient api(String key) {
    return ApiClient.on(server.port(), key);
  }

  /** Creates a record and returns its id. */
  long create(String plural, String json) {
    ApiClient.Reply reply = api().post("/" + plural, json);
    if (reply.status() != 201) {
      throw new AssertionError(reply.text());
    }
    return reply.json().elements().next().path("id").asLong();
  }

  /** The events about one record, oldest first. */
  List<StoredEvent> events(String kind, long id) {
    return events().stream()
        .filter(event -> event.recordId() == id && event.type().startsWith(kind + "."))
        .toList();
  }

  List<StoredEvent> events() {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT e.type, e.record_id, e.payload,
                  (SELECT count(*) FROM delivery d
                   WHERE d.account_id = e.account_id AND d.event_id = e.id) AS deliveries
                FROM event e
                ORDER BY e.id
                """)
            .map((row, context) ->
                new StoredEvent(
                    row.getString("type"),
                    row.getLong("record_id"),
                    new String(row.getBytes("payload"), StandardCharsets.UTF_8),
                    row.getLong("deliveries")))
            .list());
  }

  /** How many rows there are; the table may be followed by a WHERE clause. */
  long count(String table) {
    return database.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    server.close();
    records.close();
    postgres.close();
  }

  private void addAccount(long account, long member) {
    database.inTransaction(handle -> {
      handle.execute("INSERT INTO account (id, name) VALUES (?, 'test')", account);
      handle.execute(
          """
          INSERT INTO member (id, account_id, email, password_hash)
          VALUES (?, ?, ?, 'none')
          """,
          member,
          account,
          "member" + member + "@example.com");
      return handle.execute(
          """
          INSERT INTO webhook
            (account_id, public_id, url, secret, rate_limit, created_at, updated_at)
          VALUES (?, gen_random_uuid(), 'https://example.com/', '', 60, now(), now())
          """,
          account);
    });
  }

  private java.time.Instant databaseTime() {
    return database
        .withHandle(handle ->
            handle.createQuery("SELECT clock_timestamp()").mapTo(OffsetDateTime.class).one())
        .toInstant();
  }

  private ApiServer server() {
    return ApiServer.start(
        new HttpSettings("127.0.0.1", 0, PUBLIC_URL, HttpSettings.Limits.DEFAULT),
        List.of(new CrmRoutes(records)),
        new ApiServer.Rules(
            key -> Optional.ofNullable(CALLERS.get(key)),
            new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime),
            Database::isTransient),
        new ApiServer.Nature(System::nanoTime, new Random(1)));
  }
}
