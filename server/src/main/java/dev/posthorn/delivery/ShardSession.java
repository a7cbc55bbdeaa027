package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The connection that holds this node's locks and carries its beat: when it ends, the locks are
 * free.
 *
 * <p>It listens for changes of webhooks too. So a node whose beat arrives has heard of every change
 * that was called out before, whatever became of its other connections.
 */
final class ShardSession implements AutoCloseable {
  private static final Duration FORMER_SESSION_PATIENCE = Duration.ofSeconds(1);

  /** A statement that takes longer than the lease lasts has failed. */
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

  private final Handle handle;
  private final ShardTable table;

  private ShardSession(Handle handle, UUID node) {
    this.handle = handle;
    this.table = new ShardTable(handle, node);
  }

  /**
   * Opens the session and makes the node known.
   *
   * @throws IllegalStateException when a pooler stands between: locks would belong to nobody; or
   *     when the session that this node had before does not end
   */
  static ShardSession open(Database database, UUID node, String name) {
    ShardSession session = new ShardSession(database.session(), node);
    try {
      session.limitAnswers();
      session.refusePooler();
      session.handle.execute("SET synchronous_commit = off");
      session.handle.execute("LISTEN " + Bell.WEBHOOK);
      if (!session.table.endFormerSession(FORMER_SESSION_PATIENCE)) {
        throw new IllegalStateException("the former session of this node still stands");
      }
      session.table.register(name);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  ShardTable table() {
    return table;
  }

  /** What was called on {@link Bell#WEBHOOK} and came with the last answers. */
  List<String> calls() {
    try {
      PGNotification[] calls = handle.getConnection().unwrap(PGConnection.class).getNotifications();
      return calls == null
          ? List.of()
          : Arrays.stream(calls).map(PGNotification::getParameter).distinct().toList();
    } catch (SQLException e) {
      throw new IllegalStateException("the session is lost", e);
    }
  }

  @Override
  public void close() {
    handle.close();
  }

  private void limitAnswers() {
    try {
      handle
          .getConnection()
          .setNetworkTimeout(Runnable::run, Math.toIntExact(ANSWER_PATIENCE.toMillis()));
    } catch (SQLException e) {
      throw new IllegalStateException("the session is lost", e);
    }
  }

  private void refusePooler() {
    String mark = UUID.randomUUID().toString();
    handle.execute("SELECT set_config('posthorn.session', ?, false)", mark);
    for (int statement = 0; statement < 3; statement++) {
      String read =
          handle
              .createQuery("SELECT coalesce(current_setting('posthorn.session', true), '')")
              .mapTo(String.class)
              .one();
      if (!read.equals(mark)) {
        throw new IllegalStateException(
            "the database is reached through a pooler that changes sessions between statements;"
                + " the database URL must lead to PostgreSQL itself");
      }
    }
  }
}
