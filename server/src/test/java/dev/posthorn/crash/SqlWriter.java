package dev.posthorn.crash;

import dev.posthorn.crash.Publication.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Another application: publishes by {@code posthorn.publish} in transactions of its own, and rolls
 * one in four of them back.
 */
final class SqlWriter implements Load.Habit {
  private final Customer customer;
  private final ClusterDatabase database;
  private final Ledger ledger;
  private final SplittableRandom random;

  SqlWriter(Customer customer, ClusterDatabase database, Ledger ledger, SplittableRandom random) {
    this.customer = customer;
    this.database = database;
    this.ledger = ledger;
    this.random = random;
  }

  /** An event that a transaction published, and the id that it was given. */
  private record Published(long number, String id) {}

  @Override
  public Duration pause() {
    return Duration.ofMillis(500);
  }

  @Override
  public void once() {
    long begun = System.nanoTime();
    List<Published> published = new ArrayList<>();
    Fate fate = Fate.ROLLED_BACK;
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      for (int count = random.nextInt(1, 4); count > 0; count--) {
        published.add(publish(connection));
      }
      if (random.nextInt(4) == 0) {
        connection.rollback();
      } else {
        fate = Fate.UNKNOWN;
        connection.commit();
        fate = Fate.ACKNOWLEDGED;
      }
    } catch (SQLException e) {
      ledger.addUnanswered(); // the database went away: its fate is what was reached
    }
    note(published, begun, fate);
  }

  private Published publish(Connection connection) throws SQLException {
    long number = ledger.nextNumber();
    try (PreparedStatement publish =
        connection.prepareStatement("SELECT posthorn.publish(?, ?, ?)")) {
      publish.setLong(1, customer.account());
      publish.setString(2, Load.OFTEN);
      publish.setString(3, "{\"number\": " + number + "}");
      try (ResultSet id = publish.executeQuery()) {
        id.next();
        return new Published(number, id.getString(1));
      }
    }
  }

  private void note(List<Published> published, long begun, Fate fate) {
    long ended = System.nanoTime();
    for (Published one : published) {
      ledger.add(
          new Publication(
              Publication.numbered(one.number()),
              customer,
              Load.OFTEN,
              begun,
              ended,
              fate,
              Optional.of(one.id())));
    }
  }
}
