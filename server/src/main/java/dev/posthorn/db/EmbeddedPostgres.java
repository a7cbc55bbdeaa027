package dev.posthorn.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL of our own, with its programs and its data in the data folder: durable, on
 * loopback only, behind a generated password.
 *
 * <p>It outlives a killed process of ours; the next start adopts it. It is stopped by {@link
 * #close} alone, never by a hook of its own.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final int PASSWORD_BYTES = 24;

  private final PostgresServer server;
  private final DatabaseAddress address;

  private EmbeddedPostgres(PostgresServer server, DatabaseAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Starts the server and waits until it accepts connections, for as long as recovery takes.
   *
   * @throws UnusableDatabaseException when it cannot run here, or would not be durable
   */
  public static EmbeddedPostgres start(DataFolder folder) {
    return start(folder, PostgresArchive.forThisMachine());
  }

  static EmbeddedPostgres start(DataFolder folder, PostgresArchive archive) {
    try {
      PostgresHome home = PostgresHome.in(folder);
      Path programs = archive.unpackUnder(home.root());
      Secret password = password(folder.path(), home);
      new Cluster(home, programs).create(password);
      EmbeddedPostgres started = start(folder.path(), new PostgresServer(home, programs), password);
      PostgresArchive.deleteOthers(programs);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The embedded PostgreSQL in " + folder.path() + " cannot be started: " + e, e);
    }
  }

  private static EmbeddedPostgres start(Path folder, PostgresServer server, Secret password)
      throws IOException {
    boolean usable = false;
    try {
      int port = server.start(EmbeddedAddress.port(folder));
      EmbeddedAddress.storePort(folder, port);
      new ServerCheck(port, password).run();
      LOG.info("PostgreSQL is ready on 127.0.0.1:{}", port);
      usable = true;
      return new EmbeddedPostgres(server, EmbeddedAddress.of(port, EmbeddedAddress.NAME, password));
    } finally {
      if (!usable) {
        server.stop();
      }
    }
  }

  private static Secret password(Path folder, PostgresHome home) throws IOException {
    Optional<Secret> stored = EmbeddedAddress.password(folder);
    if (stored.isPresent()) {
      return stored.get();
    }
    if (Files.exists(home.data())) {
      throw new UnusableDatabaseException(
          "The password of the database in %s is missing: restore the file postgres.password in %s from a backup."
              .formatted(home.data(), folder));
    }
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    Secret fresh = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    EmbeddedAddress.storePassword(folder, fresh);
    return fresh;
  }

  /** The database {@code posthorn} in it, for its superuser. */
  public DatabaseAddress address() {
    return address;
  }

  /**
   * Stops the server and waits for it, interrupted or not: sessions still open are ended, what they
   * committed is on the disk.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL was not stopped: " + e, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
