package dev.posthorn;

import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import dev.posthorn.db.DataFolder;
import dev.posthorn.db.Database;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EmbeddedPostgres;
import dev.posthorn.db.Migrations;
import dev.posthorn.db.SharedSettings;
import dev.posthorn.db.UnusableDatabaseException;
import dev.posthorn.webhook.EncryptionKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * The database that the configuration names, and the key that seals secrets in it.
 *
 * @param alone whether only this process can be using the database
 */
public record Storage(DatabaseAddress address, EncryptionKey key, boolean alone) {
  private static final Duration WAIT_FOR_FOLDER = Duration.ofSeconds(10);
  private static final String KEY_FILE = "encryption.key";
  private static final int ONE = 1;

  /**
   * Makes the storage ready for a server: starts the embedded database if none is configured, and
   * brings the tables up to date.
   *
   * @param lifecycle gets what was started
   */
  static Storage forServer(Configuration configuration, Lifecycle lifecycle) {
    Storage storage =
        externalAddress(configuration)
            .map(address -> external(configuration, address))
            .orElseGet(() -> embedded(configuration, lifecycle));
    try (Database database = Database.open(storage.address(), ONE)) {
      Migrations.run(database);
      storage.refuseOtherKey(database);
    }
    return storage;
  }

  private static Storage external(Configuration configuration, DatabaseAddress address) {
    return new Storage(
        address,
        configuredKey(configuration)
            .orElseThrow(() ->
                new UnusableDatabaseException(
                    "With an external database the encryption key must be configured: set encryption-key"
                        + " (POSTHORN_ENCRYPTION_KEY) to what 'openssl rand -base64 32' prints, and keep it.")),
        false);
  }

  /** The external database that the configuration names; absent when the embedded one is used. */
  public static Optional<DatabaseAddress> externalAddress(Configuration configuration) {
    return configuration
        .get(Settings.DATABASE_URL)
        .map(url ->
            new DatabaseAddress(
                url,
                configuration.get(Settings.DATABASE_USER),
                configuration.get(Settings.DATABASE_PASSWORD)));
  }

  private static Storage embedded(Configuration configuration, Lifecycle lifecycle) {
    DataFolder folder =
        lifecycle.add(
            "the data folder", DataFolder.lock(configuration.get(Settings.DATA), WAIT_FOR_FOLDER));
    EmbeddedPostgres postgres =
        lifecycle.add("the embedded database", EmbeddedPostgres.start(folder));
    Path keyFile = folder.path().resolve(KEY_FILE);
    EncryptionKey key =
        configuredKey(configuration)
            .orElseGet(() -> EncryptionKey.loadOrCreate(keyFile, new SecureRandom()));
    return new Storage(postgres.address(), key, true);
  }

  private static Optional<EncryptionKey> configuredKey(Configuration configuration) {
    return configuration
        .get(Settings.ENCRYPTION_KEY)
        .map(secret -> EncryptionKey.parse(secret.value()));
  }

  private void refuseOtherKey(Database database) {
    String stored =
        database.inTransaction(transaction ->
            SharedSettings.putIfAbsent(
                transaction, SharedSettings.ENCRYPTION_KEY_CHECK, key.checkValue()));
    if (!stored.equals(key.checkValue())) {
      throw new UnusableDatabaseException(
          "The encryption key is not the one that this database's secrets were sealed with;"
              + " set encryption-key (POSTHORN_ENCRYPTION_KEY) to that one.");
    }
  }
}
