package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;

/**
 * A fresh database for a test class, in one embedded PostgreSQL that the whole test run shares.
 *
 * <pre>{@code
 * @AutoClose private static final TestDatabase postgres = TestDatabase.migrated();
 * }</pre>
 */
public final class TestDatabase implements AutoCloseable {
  private static final int POOL_SIZE = 10;

  private final String name;
  private final Database database;

  private TestDatabase(String name) {
    this.name = name;
    this.database = Database.open(address(name), POOL_SIZE);
  }

  /** With every table, and nothing in them. */
  public static TestDatabase migrated() {
    return new TestDatabase(Server.RUNNING.copy(Template.NAME));
  }

  /** With nothing at all, not even the schema. */
  public static TestDatabase empty() {
    return new TestDatabase(Server.RUNNING.copy("template0"));
  }

  /** Connections to it, {@value #POOL_SIZE} at most at a time in the pool. */
  public Database database() {
    return database;
  }

  /** For a test that opens its own connections. */
  public DatabaseAddress address() {
    return address(name);
  }

  private static DatabaseAddress address(String name) {
    DatabaseAddress server = Server.RUNNING.address;
    String url = server.jdbcUrl().replace("/posthorn?", "/" + name + "?");
    return new DatabaseAddress(url, server.user(), server.password());
  }

  @Override
  public void close() {
    database.close();
    Server.RUNNING.drop(name);
  }

  /** The database that the migrated ones are copied from: migrations run once a test run. */
  private static final class Template {
    static final String NAME = create();

    private static String create() {
      String name = Server.RUNNING.copy("template0");
      try (Database database = Database.open(address(name), 1)) {
        Migrations.run(database);
      }
      return name;
    }
  }

  /** One a JVM, started when first needed and stopped when the JVM ends. */
  private static final class Server {
    static final Server RUNNING = new Server();

    private final DatabaseAddress address;
    private final Jdbi jdbi;
    private final AtomicInteger copies = new AtomicInteger();

    private Server() {
      DataFolder folder = DataFolder.lock(folder(), Duration.ofSeconds(60));
      EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, folder)));
      this.address = postgres.address();
      this.jdbi = Jdbi.create(address.jdbcUrl(), address.user(), address.password().value());
      leftovers().forEach(this::drop);
    }

    private static Path folder() {
      try {
        return Files.createDirectories(Path.of("target")).resolve("test-postgres");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static void stop(EmbeddedPostgres postgres, DataFolder folder) {
      try (folder) {
        postgres.close();
      }
    }

    private List<String> leftovers() {
      String names = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'";
      return jdbi.withHandle(handle -> handle.createQuery(names).mapTo(String.class).list());
    }

    String copy(String template) {
      String name = "test_" + copies.incrementAndGet();
      jdbi.useHandle(handle -> handle.execute("CREATE DATABASE " + name + " TEMPLATE " + template));
      return name;
    }

    void drop(String name) {
      jdbi.useHandle(handle -> handle.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
    }
  }
}
