package dev.posthorn.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.HandleCallback;
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

  private static final Duration BORROW_WAIT = Duration.ofSeconds(10);
  private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);

  /**
   * Not connected, shut down by an operator or a crash, still starting, full, or chosen as the
   * victim of a conflict (PostgreSQL manual, appendix A). A protocol violation (08P01) is no such
   * case.
   */
  private static final Set<String> TRANSIENT_STATES =
      Set.of(
          "08000", "08001", "08003", "08004", "08006", "08007", "57P01", "57P02", "57P03", "53300",
          "40001", "40P01");

  private final PGSimpleDataSource direct;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(PGSimpleDataSource direct, HikariDataSource pool) {
    this.direct = direct;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Connects once, so that a wrong address or password is known at once.
   *
   * @param poolSize the most connections that the pool opens, at least 1; {@link #dedicated} ones
   *     come on top
   * @throws com.zaxxer.hikari.pool.HikariPool.PoolInitializationException when it cannot connect
   */
  public static Database open(DatabaseAddress address, int poolSize) {
    PGSimpleDataSource direct = source(address);
    HikariConfig config = new HikariConfig();
    config.setPoolName("posthorn");
    config.setDataSource(direct);
    config.setMaximumPoolSize(poolSize);
    config.setMinimumIdle(Math.min(2, poolSize));
    config.setConnectionTimeout(BORROW_WAIT.toMillis());
    return new Database(direct, new HikariDataSource(config));
  }

  /** The connection settings; set before the URL is read, so that the URL has the last word. */
  private static PGSimpleDataSource source(DatabaseAddress address) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setCurrentSchema(SCHEMA);
    source.setApplicationName("posthorn");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout((int) CONNECT_WAIT.toSeconds());
    source.setReWriteBatchedInserts(true);
    source.setUser(address.user());
    source.setPassword(address.password().value());
    source.setURL(address.jdbcUrl());
    return source;
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

  /**
   * A new connection outside the pool, for a session that holds advisory locks or listens. The
   * caller closes it.
   */
  public Connection dedicated() throws SQLException {
    return direct.getConnection();
  }

  /** Connections outside the pool, for work that must not wait for it. */
  DataSource unpooled() {
    return direct;
  }

  /**
   * Whether the same work may succeed when it is repeated: the connection was lost or refused for
   * now, or the transaction lost a conflict. It says nothing of whether a commit whose answer was
   * lost took place.
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

  /** Closes the pool; connections in use are cut. Dedicated ones stay open. */
  @Override
  public void close() {
    pool.close();
  }
}
