package dev.posthorn.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A statement that runs for every batch of events, every sweep or every page, with parameters that
 * fit the loaded history.
 *
 * @param owner the class that uses it, below {@code dev.posthorn}
 * @param field the constant that holds it
 * @param parameters SQL literals with their types, by name
 */
record HotStatement(String title, String owner, String field, Map<String, String> parameters) {
  private static final int BATCH = 500;

  static List<HotStatement> all(Connection connection) throws SQLException {
    Literals literals = new Literals(connection);
    return List.of(
        publish(literals),
        fetch(literals),
        hasPending(literals),
        webhooksWithWork(literals),
        settle(literals),
        count(literals),
        held(literals),
        list("A page of deliveries", literals, 101, "NULL::integer"),
        list("A page of deliveries that were answered with 5xx", literals, 5_000, "5::integer"),
        attempts(literals),
        backlog(literals));
  }

  private static HotStatement publish(Literals literals) throws SQLException {
    literals.of(
        "accounts", "bigint[]", "SELECT array_agg(n % 16 + 1) FROM generate_series(1, 500) AS n");
    literals.of(
        "ids",
        "uuid[]",
        "SELECT array_agg((lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7abc9' || lpad(to_hex(n), 15, '0'))::uuid) FROM generate_series(1, 500) AS n");
    literals.fill("types", "text", "'opportunity.update'");
    literals.fill("records", "bigint", "1");
    literals.fill("payloads", "bytea", "'{}'::bytea");
    literals.fill("createdAt", "timestamptz", "now()");
    return new HotStatement(
        "Publish 500 events of 16 accounts, each to 10 webhooks",
        "event.EventLog",
        "PUBLISH",
        literals.taken());
  }

  private static HotStatement fetch(Literals literals) throws SQLException {
    literals.of("account", "bigint", "SELECT 1");
    literals.of("webhook", "bigint", "SELECT 1");
    literals.of("retry", "boolean", "SELECT false");
    literals.of("dueBy", "timestamptz", "SELECT timestamptz '9999-01-01'");
    literals.of("dueAt", "timestamptz", "SELECT timestamptz '1970-01-01'");
    literals.of("eventId", "uuid", "SELECT '00000000-0000-0000-0000-000000000000'");
    literals.of("limit", "integer", "SELECT 500");
    return new HotStatement(
        "Fetch 500 first attempts from a backlog of 20,000",
        "delivery.DeliveryQueue",
        "DUE",
        literals.taken());
  }

  private static HotStatement hasPending(Literals literals) throws SQLException {
    literals.of("from", "uuid", firstIdOf("now() - interval '3 days'"));
    literals.of("to", "uuid", firstIdOf("now() - interval '2 days'"));
    return new HotStatement(
        "Sweep: whether a day has anything pending",
        "delivery.DeliveryQueue",
        "HAS_PENDING",
        literals.taken());
  }

  private static HotStatement webhooksWithWork(Literals literals) throws SQLException {
    literals.of("shards", "integer[]", "SELECT array_agg(n) FROM generate_series(0, 255) AS n");
    literals.of("now", "timestamptz", "SELECT now()");
    literals.of("from", "uuid", firstIdOf("now()"));
    literals.of("to", "uuid", firstIdOf("now() + interval '1 day'"));
    return new HotStatement(
        "Sweep: which of 1,000 webhooks have work in the newest day",
        "delivery.DeliveryQueue",
        "WEBHOOKS_WITH_WORK",
        literals.taken());
  }

  private static HotStatement settle(Literals literals) throws SQLException {
    String due =
        "(SELECT event_id FROM delivery WHERE webhook_id = 1 AND state = 'pending' AND NOT retry LIMIT 500) AS d";
    literals.fill("accounts", "bigint", "1");
    literals.fill("webhooks", "bigint", "1");
    literals.of("events", "uuid[]", "SELECT array_agg(event_id) FROM " + due);
    literals.of("ids", "uuid[]", "SELECT array_agg(event_id) FROM " + due);
    literals.fill("outcomes", "text", "'succeeded'");
    literals.fill("states", "text", "'succeeded'");
    for (String text : List.of("failures", "messages")) {
      literals.fill(text, "text", "NULL");
    }
    for (String number :
        List.of("numbers", "dns", "connect", "tls", "firstByte", "total", "steps")) {
      literals.fill(number, "integer", "1");
    }
    literals.fill("statuses", "integer", "200");
    for (String time : List.of("startedAt", "holdsUntil")) {
      literals.fill(time, "timestamptz", "now()");
    }
    literals.fill("nextDueAt", "timestamptz", "NULL");
    literals.fill("heads", "bytea", "'HTTP/1.1 200 OK'");
    literals.fill("bodies", "bytea", "'ok'");
    literals.fill("truncated", "boolean", "false");
    literals.of("lowest", "uuid", "SELECT event_id FROM " + due + " ORDER BY 1 LIMIT 1");
    literals.of("highest", "uuid", "SELECT event_id FROM " + due + " ORDER BY 1 DESC LIMIT 1");
    return new HotStatement(
        "Settle 500 outcomes", "delivery.SettleStatement", "SETTLE", literals.taken());
  }

  private static HotStatement count(Literals literals) throws SQLException {
    literals.of(
        "accounts", "bigint[]", "SELECT array_agg(n / 10 + 1) FROM generate_series(0, 499) AS n");
    literals.of(
        "webhooks", "bigint[]", "SELECT array_agg(n + 1) FROM generate_series(0, 499) AS n");
    for (String count :
        List.of(
            "answered2xx",
            "answered3xx",
            "answered4xx",
            "answered5xx",
            "unanswered",
            "delivered",
            "givenUp")) {
      literals.fill(count, "integer", "1");
    }
    literals.fill("latencies", "text", "'{" + "1,".repeat(25) + "1}'");
    literals.of("at", "timestamptz", "SELECT date_trunc('minute', now())");
    return new HotStatement(
        "Count a batch over 500 webhooks", "delivery.RollUps", "ADD", literals.taken());
  }

  private static HotStatement held(Literals literals) throws SQLException {
    String newest = "(SELECT max(started_at) FROM attempt WHERE webhook_id < 50)";
    literals.of(
        "since",
        "uuid",
        "SELECT (lpad(to_hex((extract(epoch FROM "
            + newest
            + " - interval '91 seconds') * 1000)::bigint), 12, '0') || '7000' || '8' || repeat('0', 15))::uuid");
    literals.of("now", "timestamptz", "SELECT " + newest);
    literals.of("shards", "integer[]", "SELECT array_agg(n) FROM generate_series(0, 127) AS n");
    return new HotStatement(
        "Take-over of 128 shards: what holds a place in a rate window",
        "delivery.AttemptLog",
        "HELD",
        literals.taken());
  }

  private static HotStatement list(String title, Literals literals, int scan, String statusClass)
      throws SQLException {
    literals.of("account", "bigint", "SELECT 1");
    literals.of("webhook", "bigint", "SELECT 2");
    literals.of("lowest", "uuid", "SELECT '00000000-0000-0000-0000-000000000000'");
    literals.of("highest", "uuid", "SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'");
    literals.of("scan", "integer", "SELECT " + scan);
    literals.of("limit", "integer", "SELECT 101");
    literals.put("state", "NULL::text");
    literals.put("type", "NULL::text");
    literals.put("since", "NULL::timestamptz");
    literals.put("before", "NULL::timestamptz");
    literals.put("status_class", statusClass);
    return new HotStatement(title, "delivery.DeliveryHistory", "SCAN", literals.taken());
  }

  private static HotStatement attempts(Literals literals) throws SQLException {
    String third = firstIdOf("now() - interval '3 days'").substring("SELECT ".length());
    String event =
        "SELECT event_id FROM delivery WHERE account_id = 1 AND webhook_id = 2 AND event_id > "
            + third
            + " ORDER BY event_id LIMIT 1";
    literals.of("account", "bigint", "SELECT 1");
    literals.of("webhook", "bigint", "SELECT 2");
    literals.of("event", "uuid", event);
    literals.of("behind", "uuid", firstIdOf("now() - interval '3 days'"));
    literals.of("limit", "integer", "SELECT 101");
    return new HotStatement(
        "The attempts of a delivery of three days ago",
        "delivery.DeliveryHistory",
        "ATTEMPTS",
        literals.taken());
  }

  private static HotStatement backlog(Literals literals) throws SQLException {
    literals.of("account", "bigint", "SELECT 1");
    literals.of("webhook", "bigint", "SELECT 1");
    literals.of("most", "integer", "SELECT 10000");
    return new HotStatement(
        "Count a backlog of 20,000, up to 10,000",
        "delivery.WebhookStats",
        "BACKLOG",
        literals.taken());
  }

  private static String firstIdOf(String moment) {
    return "SELECT (lpad(to_hex((extract(epoch FROM date_trunc('day', "
        + moment
        + ", 'UTC')) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid";
  }

  /** Makes literals of what queries give, for EXECUTE takes no queries. */
  private static final class Literals {
    private final Connection connection;
    private Map<String, String> literals = new HashMap<>();

    Literals(Connection connection) {
      this.connection = connection;
    }

    void of(String name, String type, String query) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        row.next();
        put(name, "'" + row.getString(1).replace("'", "''") + "'::" + type);
      }
    }

    void fill(String name, String type, String value) throws SQLException {
      of(name, type + "[]", "SELECT array_fill(" + value + "::" + type + ", ARRAY[" + BATCH + "])");
    }

    void put(String name, String literal) {
      literals.put(name, literal);
    }

    Map<String, String> taken() {
      Map<String, String> taken = literals;
      literals = new HashMap<>();
      return taken;
    }
  }
}
