package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.IdText;
import dev.posthorn.db.SharedSettings;
import dev.posthorn.db.TimeOrderedIds;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Another application publishes inside its own transaction, with a role that has nothing but
 * EXECUTE.
 */
final class PublishFromSqlTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ROLE = "shop";
  private static final String PASSWORD = "open sesame";

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @BeforeEach
  void makeTheApplicationsRole() {
    fixture.update("DROP ROLE IF EXISTS " + ROLE);
    fixture.update("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD + "'");
    fixture.update("GRANT USAGE ON SCHEMA posthorn TO " + ROLE);
    fixture.update(
        "GRANT EXECUTE ON FUNCTION publish(bigint, text, text), publish_record(bigint, text, bigint) TO "
            + ROLE);
    fixture.database.inTransaction(transaction -> {
      SharedSettings.put(transaction, SharedSettings.PUBLIC_URL, "https://crm.example.com");
      return null;
    });
    for (String type : new String[] {"invoice.paid", "invoice.archived", "invoice.checked"}) {
      fixture.update(
          "INSERT INTO event_type (account_id, name, created_at, updated_at) VALUES (1, '"
              + type
              + "', now(), now())");
    }
    fixture.update("UPDATE event_type SET archived_at = now() WHERE name = 'invoice.archived'");
    fixture.update("UPDATE event_type SET schema = '{}' WHERE name = 'invoice.checked'");
  }

  @Test
  void whatACommittedTransactionPublishedArrivesByteForByte() throws SQLException {
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    DeliveryEngine engine = fixture.start(DeliverySettings.DEFAULTS);
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);

    String id;
    try (Connection shop = shop()) {
      shop.setAutoCommit(false);
      id = publish(shop, 1L, "invoice.paid", "{ \"total\" : 1e400,  \"name\":\"Zoë\" }");
      publish(shop, 1L, "invoice.paid", "[2]");
      shop.commit();
    }

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    RecordingReceiver.Received first =
        receiver.received().stream()
            .filter(request -> request.id().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(new String(first.body(), StandardCharsets.UTF_8))
        .isEqualTo("{ \"total\" : 1e400,  \"name\":\"Zoë\" }");
    assertThat(first.header("webhook-event-type")).isEqualTo("invoice.paid");
  }

  @Test
  void whatWasRolledBackIsNeverSent() throws SQLException {
    fixture.webhook(receiver.url("/hook"), 60);
    try (Connection shop = shop()) {
      shop.setAutoCommit(false);
      publish(shop, 1L, "invoice.paid", "{}");
      shop.rollback();
    }
    assertThat(rows("event") + rows("delivery")).isZero();
  }

  @Test
  void aRecordsEventCarriesTheGuidesPayload() throws SQLException {
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    fixture.start(DeliverySettings.DEFAULTS);
    try (Connection shop = shop();
        PreparedStatement call =
            shop.prepareStatement("SELECT posthorn.publish_record(1, 'company.update', 77)");
        ResultSet row = call.executeQuery()) {
      row.next();
    }
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    assertThat(new String(receiver.received().getFirst().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":77,\"url\":\"https://crm.example.com/companies/77\"}");
  }

  @Test
  void itsIdsAreThoseOfTheEngine() throws SQLException {
    Instant before = Instant.now().minusMillis(5);
    try (Connection shop = shop()) {
      String text = publish(shop, 1L, "invoice.paid", "{}");
      UUID id = IdText.parse("evt_", text).orElseThrow();
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      assertThat(TimeOrderedIds.momentOf(id)).isBetween(before, Instant.now().plusMillis(5));
      assertThat(
              fixture.database.<Boolean, RuntimeException>withHandle(handle ->
                  handle
                      .createQuery("SELECT EXISTS (SELECT 1 FROM event WHERE id = :id)")
                      .bind("id", id)
                      .mapTo(Boolean.class)
                      .one()))
          .isTrue();
    }
  }

  @Test
  void theRoleCanDoNothingElse() throws SQLException {
    try (Connection shop = shop();
        Statement statement = shop.createStatement()) {
      for (String forbidden :
          new String[] {
            "SELECT * FROM posthorn.event",
            "INSERT INTO posthorn.setting VALUES ('a', 'b')",
            "SELECT posthorn.store_event(1, 'x', NULL, '')",
            "SELECT posthorn.new_event_id()"
          }) {
        assertThatThrownBy(() -> statement.execute(forbidden))
            .hasMessageContaining("permission denied");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      textBlock =
          """
          NULL | invoice.paid     | {}     | there is no account NULL
          99   | invoice.paid     | {}     | there is no account 99
          1    | NULL             | {}     | account 1 has no event type NULL
          1    | invoice.lost     | {}     | account 1 has no event type 'invoice.lost'
          1    | invoice.archived | {}     | the event type 'invoice.archived' is archived
          1    | invoice.checked  | {}     | the event type 'invoice.checked' has a schema
          1    | contact.create   | {}     | the type 'contact.create' is built in
          1    | invoice.paid     | NULL   | the payload is NULL
          1    | invoice.paid     | {a}    | the payload is not JSON
          """)
  void badArgumentsAreNamed(Long account, String type, String payload, String message)
      throws SQLException {
    try (Connection shop = shop()) {
      assertThatThrownBy(() -> publish(shop, account, type, payload))
          .hasMessageContaining("posthorn: " + message);
    }
    assertThat(rows("event")).isZero();
  }

  @Test
  void aPayloadMayHave256KibibytesAndNotOneMore() throws SQLException {
    try (Connection shop = shop()) {
      publish(shop, 1L, "invoice.paid", "\"" + "x".repeat(262_142) + "\"");
      assertThatThrownBy(() -> publish(shop, 1L, "invoice.paid", "\"" + "x".repeat(262_143) + "\""))
          .hasMessageContaining("the payload has 262145 bytes");
    }
  }

  private Connection shop() throws SQLException {
    return DriverManager.getConnection(fixture.postgres.address().jdbcUrl(), ROLE, PASSWORD);
  }

  private static String publish(Connection shop, Long account, String type, String payload)
      throws SQLException {
    try (PreparedStatement call = shop.prepareStatement("SELECT posthorn.publish(?, ?, ?)")) {
      call.setObject(1, account, java.sql.Types.BIGINT);
      call.setString(2, type);
      call.setString(3, payload);
      try (ResultSet row = call.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private long rows(String table) {
    return fixture.database.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }
}
