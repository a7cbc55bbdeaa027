package dev.posthorn.db;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL's extension for tables that are spread over several servers. */
final class Citus {
  private static final int OLDEST = 13;

  private static final String VERSION =
      "SELECT extversion FROM pg_extension WHERE extname = 'citus'";

  private static final String IS_COORDINATOR = "SELECT groupid = 0 FROM pg_dist_local_group";

  /** A node is known by the session that holds its locks. */
  private static final String RUNNING_NODES =
      """
      SELECT n.name FROM posthorn.node n
      JOIN pg_stat_activity a ON a.pid = n.pid AND a.backend_start = n.backend_start
      """;

  private Citus() {}

  /** Whether the database has the extension, whether or not any table is distributed. */
  static boolean isInstalled(Handle handle) {
    return handle.createQuery(VERSION).mapTo(String.class).findOne().isPresent();
  }

  static boolean isInstalled(PGSimpleDataSource source) {
    return Jdbi.create(source).<Boolean, RuntimeException>withHandle(Citus::isInstalled);
  }

  /**
   * Changes nothing.
   *
   * @throws UnusableDatabaseException when tables cannot be distributed here
   */
  static void refuseUnlessReady(Handle handle) {
    String version =
        handle
            .createQuery(VERSION)
            .mapTo(String.class)
            .findOne()
            .orElseThrow(() ->
                new UnusableDatabaseException(
                    "The database does not have the extension citus, so its tables cannot be distributed, and nothing was changed. Install Citus %d or newer on every server of the cluster, CREATE EXTENSION citus in the database on each, and add the workers with citus_add_node."
                        .formatted(OLDEST)));
    refuseOld(version);
    if (!handle.createQuery(IS_COORDINATOR).mapTo(Boolean.class).one()) {
      throw new UnusableDatabaseException(
          "The database is a worker of its Citus cluster, and nothing was changed. Set database.url to the coordinator.");
    }
  }

  /**
   * @param version of the extension, such as 13.2-1
   */
  static void refuseOld(String version) {
    if (Integer.parseInt(version.split("\\.", 2)[0]) < OLDEST) {
      throw new UnusableDatabaseException(
          "The database has the extension citus in version %s; distributing the tables needs %d or newer, and nothing was changed. Upgrade Citus."
              .formatted(version, OLDEST));
    }
  }

  /**
   * Running nodes would go on with plans for tables that are elsewhere by then, and what they write
   * while rows are moved would wait for hours.
   *
   * @throws UnusableDatabaseException when a node runs on this database
   */
  static void refuseWhileInUse(Handle handle) {
    boolean hasNodes =
        handle
            .createQuery("SELECT to_regclass('posthorn.node') IS NOT NULL")
            .mapTo(Boolean.class)
            .one();
    List<String> running =
        hasNodes ? handle.createQuery(RUNNING_NODES).mapTo(String.class).list() : List.of();
    if (!running.isEmpty()) {
      throw new UnusableDatabaseException(
          "%s runs on this database, so its tables cannot be distributed now, and nothing was changed. Stop every server first."
              .formatted(String.join(", ", running)));
    }
  }
}
