package dev.posthorn.db;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Takes partitions away without holding anybody up: detached concurrently, then dropped, each with
 * a lock time-out of 1 s. {@code DROP} alone would wait for every open transaction, and all inserts
 * would wait behind it.
 *
 * <p>Detaching concurrently has two transactions; what ends between them leaves the partition
 * marked, out of sight of queries, and is finished later (PostgreSQL manual, ALTER TABLE). While
 * one is marked, no other partition of its table can be detached. Citus has no such detaching
 * (checked with 13.2): there it is one transaction, tried for as long as the lock time-out.
 *
 * <p>Works on a session of its own, outside any transaction, as detaching demands.
 */
public final class PartitionRemoval {
  /**
   * Plain tables by the name of a partition are partitions that were detached and not yet dropped.
   */
  private static final String ALL =
      """
      SELECT c.relname, i.inhrelid IS NOT NULL AS attached, coalesce(i.inhdetachpending, false) AS marked
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      WHERE n.nspname = 'posthorn' AND c.relkind = 'r' AND c.relname ~ '_\\d{4}_\\d{2}_\\d{2}$'
      ORDER BY c.relname
      """;

  private final Handle session;
  private final boolean concurrently;

  /**
   * @param session not in a transaction; its lock time-out is set from now on
   */
  public PartitionRemoval(Handle session) {
    this(session, !Citus.isInstalled(session));
  }

  /**
   * @param concurrently false where that is not supported: it then waits for a lock on the whole
   *     table, for as long as the time-out allows
   */
  PartitionRemoval(Handle session, boolean concurrently) {
    this.session = session;
    this.concurrently = concurrently;
    session.execute("SET lock_timeout = '1s'");
  }

  /** Where a partition stands on its way out. */
  public enum State {
    ATTACHED,
    /** Its detaching began and was not finished. */
    MARKED,
    DETACHED
  }

  /** A partition as the database has it. */
  public record Found(DailyTable.Partition partition, State state) {}

  /** All of them, those of one table oldest first. */
  public List<Found> all() {
    return session
        .createQuery(ALL)
        .map((row, context) ->
            found(row.getString("relname"), row.getBoolean("attached"), row.getBoolean("marked")))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Found> found(String name, boolean attached, boolean marked) {
    State state = marked ? State.MARKED : attached ? State.ATTACHED : State.DETACHED;
    return DailyTable.Partition.named(name).map(partition -> new Found(partition, state));
  }

  /**
   * Ends with the partition detached, whatever state it was in.
   *
   * @throws JdbiException when a transaction is in the way for longer than the lock time-out; to be
   *     called again later
   */
  public void detach(Found found) {
    switch (found.state()) {
      case ATTACHED ->
          session.execute(
              concurrently ? found.partition().detachSql() : found.partition().detachInOneSql());
      case MARKED -> session.execute(found.partition().finalizeSql());
      case DETACHED -> {}
    }
  }

  /** Undoes {@link #detach}. What the partition may hold is known from a constraint: no scan. */
  public void attachAgain(DailyTable.Partition partition) {
    session.execute(partition.attachSql());
  }

  /** Deletes a detached partition and everything in it. */
  public void drop(DailyTable.Partition partition) {
    session.execute(partition.dropSql());
  }
}
