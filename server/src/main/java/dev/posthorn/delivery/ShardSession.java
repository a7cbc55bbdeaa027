package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The connection that holds this node's locks and carries its beat: when it ends, the locks are
 * free.
 */
final class ShardSession implements AutoCloseable {
  private final Handle handle;
  private final ShardTable table;

  private ShardSession(Handle handle, UUID node) {
    this.handle = handle;
    this.table = new ShardTable(handle, node);
  }

  /**
   * Opens the session and makes the node known.
   *
   * @throws IllegalStateException when a pooler stands between: locks would belong to nobody
   */
  static ShardSession open(Database database, UUID node, String name) {
    ShardSession session = new ShardSession(database.session(), node);
    try {
      session.refusePooler();
      session.handle.execute("SET synchronous_commit = off");
      session.endFormerSession(node);
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

  @Override
  public void close() {
    handle.close();
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

  /** This node's last session may linger on the server when only the network broke. */
  private void endFormerSession(UUID node) {
    Long beat = table.beats().get(node);
    if (beat != null) {
      table.endSession(node, beat);
    }
  }
}
