package dev.posthorn.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The connections to PostgreSQL: a pool for short work, and sessions of their own for what outlives
 * a transaction.
 *
 * <p>Every connection finds Posthorn's tables in the schema {@value #SCHEMA} without naming it.
 * Safe for use by many threads. Repeating work after a lost connection is the caller's decision,
 * with {@link #isTransient} to tell when it may help.
 */
public final class Database implements AutoCloseable {
  static final String SCHEMA = "posthorn";

  private static final String ENGINE =
      "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

  private static final String ENGINE_ON_CITUS = "-c enable_seqscan=off";

  private static final Duration BORROW_WAIT = Duration.ofSeconds(10);

  /**
   * Not connected, shut down by an operator or a crash, still starting, out of connections, memory
   * or disk, read-only after another server took over, ended because a transaction did not go on,
   * cancelled, kept waiting for a lock for too long, or chosen as the victim of a conflict
   * (PostgreSQL manual, appendix A). A protocol violation (08P01) is no such case.
   */
  private static final Set<String> TRANSIENT_STATES =
      Set.of(
          "08000", "08001", "08003", "08004", "08006", "08007", "57P01", "57P02", "57P03", "53000",
          "53100", "53200", "53300", "53400", "25006", "25P03", "57014", "55P03", "40001", "40P01");

  /**
   * What PostgreSQL says of data: the wrong number of rows, a value that a type does not hold, a
   * broken constraint, what a view or a function of the operator's does not take, a limit of the
   * program; and what it meets where a row is stored: a file that cannot be read, damage, a fault
   * of its own. That may be one day's file, and must not hold up the others.
   */
  private static final Set<String> REFUSING_CLASSES =
      Set.of("21", "22", "23", "44", "54", "58", "P0", "XX");

  private final PGSimpleDataSource direct;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Jdbi sessions;

  private Database(PGSimpleDataSource direct, HikariDataSource pool) {
    this.direct = direct;
    this.pool = pool;
    this.jdbi = configured(Jdbi.create(pool));
    this.sessions = configured(Jdbi.create(direct));
  }

  /** The arrays that statements over many rows are given. */
  private static Jdbi configured(Jdbi jdbi) {
    return jdbi.registerArrayType(Long.class, "bigint")
        .registerArrayType(Integer.class, "integer")
        .registerArrayType(Boolean.class, "boolean")
        .registerArrayType(String.class, "text")
        .registerArrayType(UUID.class, "uuid")
        .registerArrayType(byte[].class, "bytea")
        .registerArrayType(OffsetDateTime.class, "timestamptz");
  }

  /**
   * Connects once, so that a wrong address or password is known at once.
   *
   * @param poolSize the most connections that the pool opens, at least 1; {@link #dedicated} ones
   *     come on top
   * @throws UnusableDatabaseException when the address is none
   * @throws com.zaxxer.hikari.pool.HikariPool.PoolInitializationException when it cannot connect
   */
  public static Database open(DatabaseAddress address, int poolSize) {
    return open(address, poolSize, "");
  }

  /**
   * A pool of its own for the engine, which callers of the API cannot use up. Its statements all
   * find their rows one by one by index, whatever the planner thinks of partitions that are empty
   * yet or of how little is pending, and their plans do not depend on the parameters. Except with
   * Citus, which has to see the parameters of a statement to know the shards that it is about.
   */
  public static Database openForEngine(DatabaseAddress address, int poolSize) {
    boolean distributed = Citus.isInstalled(ConnectionSettings.source(address));
    return open(address, poolSize, distributed ? ENGINE_ON_CITUS : ENGINE);
  }

  /**
   * @param options for PostgreSQL's {@code options}, beside those of the address
   */
  private static Database open(DatabaseAddress address, int poolSize, String options) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("posthorn");
    config.setDataSource(ConnectionSettings.impatientSource(address, options));
    config.setMaximumPoolSize(poolSize);
    config.setMinimumIdle(1); // more when they are needed: a start waits for none of them
    config.setConnectionTimeout(BORROW_WAIT.toMillis());
    return new Database(ConnectionSettings.source(address, options), new HikariDataSource(config));
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws. The
   * handle is valid only inside.
   */
  public <T extends @Nullable Object, X extends Exception> T inTransaction(
      HandleCallback<T, X> work) throws X {
    return jdbi.inTransaction(work);
  }

  /** Runs the work on one connection, each statement committed on its own. */
  public <T extends @Nullable Object, X extends Exception> T withHandle(HandleCallback<T, X> work)
      throws X {
    return jdbi.withHandle(work);
  }

  /** The same, for work without a result. */
  public <X extends Exception> void useHandle(HandleConsumer<X> work) throws X {
    jdbi.useHandle(work);
  }

  /** What the database says the time is, at this moment and not at the start of a transaction. */
  public Instant time() {
    return withHandle(handle ->
            handle.createQuery("SELECT clock_timestamp()").mapTo(OffsetDateTime.class).one())
        .toInstant();
  }

  /** A new connection outside the pool. The caller closes it. */
  public Connection dedicated() throws SQLException {
    return direct.getConnection();
  }

  /**
   * A new connection outside the pool, for a session that holds advisory locks or listens. The
   * caller closes it.
   */
  public Handle session() {
    return sessions.open();
  }

  /** Connections outside the pool, for work that must not wait for it. */
  DataSource unpooled() {
    return direct;
  }

  /**
   * Whether the same work may succeed when it is repeated: the connection was lost or refused for
   * now, the database cannot do it for now, or the transaction lost a conflict. It says nothing of
   * whether a commit whose answer was lost took place.
   */
  public static boolean isTransient(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isTransientState(sql)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTransientState(SQLException failure) {
    String state = failure.getSQLState();
    return state == null
        ? failure instanceof SQLTransientConnectionException // the pool: none came free in time
        : TRANSIENT_STATES.contains(state);
  }

  /**
   * Whether the same data would fail in the same way again, while other data may do well: the
   * database refuses it, or a fault that is not the database's met it. Not an {@link Error}, which
   * says nothing of data. Neither this nor {@link #isTransient} holds for the rest, such as a right
   * or a table that is missing: that fails whatever the data is, until somebody mends it.
   */
  public static boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return isRefusingState(sql.getSQLState());
      }
    }
    return failure instanceof RuntimeException;
  }

  private static boolean isRefusingState(@Nullable String state) {
    return state != null && state.length() == 5 && REFUSING_CLASSES.contains(state.substring(0, 2));
  }

  /** Closes the pool; connections in use are cut. Dedicated ones stay open. */
  @Override
  public void close() {
    pool.close();
  }
}
