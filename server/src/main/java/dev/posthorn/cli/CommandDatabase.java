package dev.posthorn.cli;

import dev.posthorn.Storage;
import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import dev.posthorn.db.DataFolder;
import dev.posthorn.db.DataFolderInUseException;
import dev.posthorn.db.Database;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EmbeddedPostgres;
import dev.posthorn.db.Migrations;
import dev.posthorn.db.UnusableDatabaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The database for a single command: the external one, the embedded one of a server that runs, or
 * the embedded one started for as long as the command needs it. Its tables are up to date when the
 * work begins.
 */
final class CommandDatabase {
  private static final int FEW = 2;
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final int TRIES = 50;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private CommandDatabase() {}

  static <T> T use(Configuration configuration, Function<Database, T> work) {
    return Storage.externalAddress(configuration)
        .map(address -> on(address, work))
        .orElseGet(() -> embedded(configuration, work, TRIES));
  }

  /**
   * The external database, with whatever tables it has.
   *
   * @throws UnusableDatabaseException when none is configured
   */
  static <T> T useAsItIs(Configuration configuration, Function<Database, T> work) {
    DatabaseAddress address =
        Storage.externalAddress(configuration)
            .orElseThrow(() ->
                new UnusableDatabaseException(
                    "The embedded database is a single server, so its tables cannot be distributed: set database.url (POSTHORN_DATABASE_URL) to the coordinator of a Citus cluster."));
    try (Database database = Database.open(address, FEW)) {
      return work.apply(database);
    }
  }

  /** A server that is just starting holds the folder and has no database yet: worth a few tries. */
  private static <T> T embedded(
      Configuration configuration, Function<Database, T> work, int tries) {
    Optional<DatabaseAddress> running =
        DataFolder.runningDatabase(configuration.get(Settings.DATA));
    if (running.isPresent()) {
      return on(running.get(), work);
    }
    try (DataFolder folder = DataFolder.lock(configuration.get(Settings.DATA), NO_WAIT);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      return on(postgres.address(), work);
    } catch (DataFolderInUseException e) {
      if (tries <= 1) {
        throw e;
      }
      pause();
      return embedded(configuration, work, tries - 1);
    }
  }

  private static <T> T on(DatabaseAddress address, Function<Database, T> work) {
    try (Database database = Database.open(address, FEW)) {
      Migrations.run(database);
      return work.apply(database);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
