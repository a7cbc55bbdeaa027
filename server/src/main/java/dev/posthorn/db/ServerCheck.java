package dev.posthorn.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at a server that has just started: ours, durable, and with our database in it. */
record ServerCheck(int port, Secret password) {
  private static final String NO_SUCH_DATABASE = "3D000";

  private static final String NOT_DURABLE =
      """
      SELECT string_agg(name, ', ')
      FROM pg_settings
      WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting <> 'on'
      """;

  /**
   * @throws UnusableDatabaseException when the password is not the server's, or an acknowledged
   *     commit could be lost
   */
  void run() {
    try (Connection connection = connectOrCreate()) {
      refuseUnlessDurable(connection);
    } catch (SQLException e) {
      throw new UnusableDatabaseException(
          "The embedded PostgreSQL on port %d refuses us: %s".formatted(port, e.getMessage()), e);
    }
  }

  private Connection connectOrCreate() throws SQLException {
    try {
      return connect(EmbeddedAddress.NAME);
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
      create();
      return connect(EmbeddedAddress.NAME);
    }
  }

  private void create() throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + EmbeddedAddress.NAME);
    }
  }

  private static void refuseUnlessDurable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOT_DURABLE)) {
      row.next();
      String off = row.getString(1);
      if (off != null) {
        throw new UnusableDatabaseException(
            "The embedded PostgreSQL runs without %s, so that acknowledged events could be lost. Undo it with ALTER SYSTEM RESET, or in postgresql.auto.conf."
                .formatted(off));
      }
    }
  }

  private Connection connect(String database) throws SQLException {
    return ConnectionSettings.source(EmbeddedAddress.of(port, database, password)).getConnection();
  }
}
