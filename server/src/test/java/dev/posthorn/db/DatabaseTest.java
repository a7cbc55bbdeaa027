package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

final class DatabaseTest {
  private static final TestDatabase POSTGRES = TestDatabase.migrated();

  private final Database database = POSTGRES.database();

  @BeforeAll
  static void createATable() {
    POSTGRES
        .database()
        .withHandle(handle -> handle.execute("CREATE TABLE posthorn.note (text text UNIQUE)"));
  }

  @AfterAll
  static void dropTheDatabase() {
    POSTGRES.close();
  }

  @BeforeEach
  void emptyTheTable() {
    database.withHandle(handle -> handle.execute("TRUNCATE note"));
  }

  @Test
  void commitsWhatReturnsAndFindsTheSchemaUnnamed() {
    int rows = database.inTransaction(handle -> insert(handle, "kept"));

    assertThat(rows).isEqualTo(1);
    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void rollsBackWhatThrowsAndHandsTheExceptionOn() {
    assertThatThrownBy(() ->
            database.inTransaction(handle -> {
              insert(handle, "lost");
              throw new IOException("halfway");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("halfway");
    assertThat(notes()).isZero();
  }

  @Test
  void dedicatedSessionsAreNotThoseOfThePool() throws SQLException {
    try (Database small = Database.open(POSTGRES.address(), 1);
        Connection one = small.dedicated();
        Connection other = small.dedicated()) {
      Integer pooled = small.withHandle(handle -> scalar(handle, "SELECT pg_backend_pid()"));

      assertThat(backend(one)).isNotEqualTo(backend(other)).isNotEqualTo(pooled);
      assertThat(Optional.of(one.getSchema())).contains("posthorn");
    }
  }

  @Test
  void leavesNoConnectionBehind() {
    DatabaseAddress named = withApplicationName("gone-after-close");
    Database other = Database.open(named, 3);
    assertThat(connectionsOf("gone-after-close")).isPositive();

    other.close();

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> connectionsOf("gone-after-close") == 0);
  }

  @Test
  void tellsAtOnceThatThePasswordIsWrong() {
    DatabaseAddress right = POSTGRES.address();
    DatabaseAddress wrong = new DatabaseAddress(right.jdbcUrl(), right.user(), new Secret("no"));

    Throwable failure = catchThrowable(() -> Database.open(wrong, 1));

    assertThat(failure).isInstanceOf(PoolInitializationException.class);
    assertThat(Database.isTransient(failure)).isFalse();
  }

  @Test
  void refusesWhatIsNoAddressWithoutRepeatingIt() {
    DatabaseAddress wrong =
        new DatabaseAddress("postgres://me:sesame@host/database", "me", new Secret("sesame"));

    assertThatThrownBy(() -> Database.open(wrong, 1))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("jdbc:postgresql://host:port/database")
        .hasMessageNotContaining("sesame");
  }

  @Test
  void takesTheLossOfAConnectionForTransient() {
    String end = "SELECT pg_terminate_backend(pg_backend_pid())";

    Throwable failure = catchThrowable(() -> database.inTransaction(handle -> handle.execute(end)));

    assertThat(Database.isTransient(failure)).isTrue();
  }

  @Test
  void givesUpAConnectionOnWhichNothingComesBackAndTakesThatForTransient() {
    DatabaseAddress usual = POSTGRES.address();
    DatabaseAddress impatient =
        new DatabaseAddress(usual.jdbcUrl() + "&socketTimeout=1", usual.user(), usual.password());

    try (Database quick = Database.open(impatient, 1)) {
      Throwable failure =
          catchThrowable(() -> quick.withHandle(handle -> handle.execute("SELECT pg_sleep(20)")));

      assertThat(Database.isTransient(failure)).isTrue();
      assertThat(quick.time()).as("on a new connection").isNotNull();
    }
  }

  @Test
  void waitsHalfAMinuteForAnAnswerInThePoolAndAsLongAsItTakesElsewhere() {
    PGSimpleDataSource patient = ConnectionSettings.source(POSTGRES.address());
    PGSimpleDataSource pooled = ConnectionSettings.impatientSource(POSTGRES.address(), "");

    assertThat(patient.getSocketTimeout()).isZero();
    assertThat(pooled.getSocketTimeout()).isEqualTo(30);
  }

  @Test
  void aTransactionThatDoesNotGoOnHoldsItsLocksForAsLongAsALeaseLasts() {
    String limit = "SHOW idle_in_transaction_session_timeout";
    try (Database engine = Database.openForEngine(POSTGRES.address(), 1)) {
      assertThat(engine.<String, RuntimeException>withHandle(one -> text(one, limit)))
          .isEqualTo("3s");
      assertThat(
              engine.<String, RuntimeException>withHandle(one -> text(one, "SHOW enable_seqscan")))
          .isEqualTo("off");
    }
    assertThat(database.<String, RuntimeException>withHandle(one -> text(one, limit)))
        .isEqualTo("3s");
  }

  private static String text(Handle handle, String query) {
    return handle.createQuery(query).mapTo(String.class).one();
  }

  @Test
  void takesABrokenRuleForLasting() {
    database.inTransaction(handle -> insert(handle, "twice"));

    Throwable failure =
        catchThrowable(() -> database.inTransaction(handle -> insert(handle, "twice")));

    assertThat(failure).hasMessageContaining("note_text_key");
    assertThat(Database.isTransient(failure)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08006", "57P01", "25P03", "57P02", "57P03", "53300", "40001", "40P01", "25006",
        "53100", "53200", "57014", "55P03"
      })
  void takesTheStateForTransientHoweverDeepItIs(String state) {
    SQLException cause = new SQLException("it was so", state);

    assertThat(Database.isTransient(new IllegalStateException(new RuntimeException(cause))))
        .isTrue();
    assertThat(Database.isRefusal(new IllegalStateException(new RuntimeException(cause))))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08P01", "28P01", "23505", "42P01", "53X"})
  void takesTheStateForLasting(String state) {
    assertThat(Database.isTransient(new SQLException("it was so", state))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"21000", "22003", "22021", "23505", "23514", "54000", "58030", "P0001", "XX000"})
  void takesWhatIsSaidOfDataForARefusal(String state) {
    SQLException cause = new SQLException("it was so", state);

    assertThat(Database.isRefusal(new IllegalStateException(cause))).isTrue();
    assertThat(Database.isTransient(cause)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42501", "42P01", "0A000", "08P01", "2"})
  void takesWhatIsSaidOfAnythingElseForNone(String state) {
    assertThat(Database.isRefusal(new SQLException("it was so", state))).isFalse();
  }

  @Test
  void takesAFaultOfOursForARefusalButNotAnErrorOrAFullPool() {
    assertThat(Database.isRefusal(new IllegalArgumentException("not of the database"))).isTrue();
    assertThat(Database.isRefusal(new NoClassDefFoundError("of the machine"))).isFalse();
    assertThat(Database.isRefusal(new SQLTransientConnectionException("none free"))).isFalse();
  }

  @Test
  void takesAFullPoolForTransient() {
    assertThat(Database.isTransient(new SQLTransientConnectionException("none free"))).isTrue();
    assertThat(Database.isTransient(new IllegalStateException("not of the database"))).isFalse();
  }

  @Test
  void hidesThePassword() {
    assertThat(new DatabaseAddress("jdbc:postgresql:x", "me", new Secret("sesame")).toString())
        .doesNotContain("sesame");
  }

  private static DatabaseAddress withApplicationName(String name) {
    DatabaseAddress address = POSTGRES.address();
    String url = address.jdbcUrl() + "&ApplicationName=" + name;
    return new DatabaseAddress(url, address.user(), address.password());
  }

  private int connectionsOf(String application) {
    String query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?";
    return database.withHandle(
        handle -> handle.createQuery(query).bind(0, application).mapTo(Integer.class).one());
  }

  private static int insert(Handle handle, String text) {
    return handle.execute("INSERT INTO note VALUES (?)", text);
  }

  private int notes() {
    return database.withHandle(handle -> scalar(handle, "SELECT count(*) FROM note"));
  }

  private static int scalar(Handle handle, String query) {
    return handle.createQuery(query).mapTo(Integer.class).one();
  }

  private static int backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
