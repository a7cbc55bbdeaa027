package dev.posthorn.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Brings the schema {@code posthorn} to the version that this program needs. Forward only. Several
 * nodes may run it at once: one works, the others wait for it.
 */
public final class Migrations {
  private static final String LOCATION = "classpath:db/migration";
  private static final int OLDEST_SERVER = 15;

  private Migrations() {}

  /**
   * Applies what is missing, and distributes new tables if the others are distributed.
   *
   * @throws UnusableDatabaseException when the server is older than PostgreSQL 15, or the schema
   *     was written by a newer Posthorn
   * @throws org.flywaydb.core.api.FlywayException when a migration fails; it is rolled back
   */
  public static void run(Database database) {
    run(database, LOCATION);
  }

  static void run(Database database, String location) {
    refuseOldServer(database);
    Flyway flyway = flyway(database, location);
    refuseNewerSchema(flyway);
    flyway.migrate();
    Distribution.keepUp(database);
  }

  static void refuseOldServer(Database database) {
    refuseOldServer(serverVersion(database));
  }

  /**
   * The lock is one of the session, not of a transaction: an open transaction would block for ever
   * a migration that builds an index concurrently.
   */
  private static Flyway flyway(Database database, String location) {
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(database.unpooled())
            .defaultSchema(Database.SCHEMA)
            .locations(location)
            .placeholderReplacement(false)
            .validateMigrationNaming(true);
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private static int serverVersion(Database database) {
    try (Connection connection = database.dedicated();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version_num")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new UnusableDatabaseException(
          "The version of the PostgreSQL server cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param version as {@code server_version_num}: 150018 is 15.18
   */
  static void refuseOldServer(int version) {
    if (version / 10_000 < OLDEST_SERVER) {
      throw new UnusableDatabaseException(
          "The PostgreSQL server has version %d; Posthorn needs %d or newer. Upgrade the server, or leave the database unset to use the embedded one."
              .formatted(version / 10_000, OLDEST_SERVER));
    }
  }

  private static void refuseNewerSchema(Flyway flyway) {
    Arrays.stream(flyway.info().all())
        .filter(Migrations::isFromTheFuture)
        .findFirst()
        .ifPresent(newer -> {
          throw new UnusableDatabaseException(
              "The database was migrated to version %s by a newer Posthorn than this one, and there is no way back. Start the newer Posthorn."
                  .formatted(newer.getVersion()));
        });
  }

  private static boolean isFromTheFuture(MigrationInfo migration) {
    return migration.getState() == MigrationState.FUTURE_SUCCESS
        || migration.getState() == MigrationState.FUTURE_FAILED;
  }
}
