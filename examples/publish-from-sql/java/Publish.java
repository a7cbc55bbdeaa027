import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Marks an invoice as paid and publishes that, both or neither. */
public final class Publish {
  public static void main(String[] arguments) throws SQLException {
    long invoice = Long.parseLong(arguments[0]);
    try (Connection connection = DriverManager.getConnection(System.getenv("DATABASE_URL"))) {
      connection.setAutoCommit(false);
      try {
        pay(connection, invoice);
        String paid = call(connection, "SELECT posthorn.publish(1, 'invoice.paid', ?)", "{\"invoice\":" + invoice + "}");
        String changed = call(connection, "SELECT posthorn.publish_record(1, 'company.update', ?)", 77L);
        connection.commit();
        System.out.println(paid + " " + changed);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static void pay(Connection connection, long invoice) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("UPDATE invoice SET paid = true WHERE id = ?")) {
      update.setLong(1, invoice);
      if (update.executeUpdate() == 0) {
        throw new IllegalStateException("no invoice " + invoice);
      }
    }
  }

  private static String call(Connection connection, String sql, Object argument) throws SQLException {
    try (PreparedStatement publish = connection.prepareStatement(sql)) {
      publish.setObject(1, argument);
      try (ResultSet row = publish.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
