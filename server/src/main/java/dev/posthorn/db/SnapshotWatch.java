package dev.posthorn.db;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for transactions that stay open. As long as one sees an old state of the database, no row
 * that died since can be cleaned away, and everybody who looks for due deliveries reads past them.
 *
 * <p>Sees the sessions of its own role only, unless that role may read all statistics ({@code
 * pg_read_all_stats}).
 */
public final class SnapshotWatch {
  private static final Logger log = LoggerFactory.getLogger(SnapshotWatch.class);
  private static final Duration TOO_OLD = Duration.ofMinutes(10);

  private static final String OLDEST =
      """
      SELECT who, extract(epoch FROM clock_timestamp() - since) AS seconds
      FROM (
        SELECT 'session ' || pid || ' (' || coalesce(nullif(application_name, ''), usename::text, backend_type) || ')' AS who,
          xact_start AS since
        FROM pg_stat_activity
        WHERE (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start IS NOT NULL
          AND backend_type <> 'autovacuum worker' AND pid <> pg_backend_pid()
        UNION ALL
        SELECT 'prepared transaction ' || gid, prepared FROM pg_prepared_xacts) AS held
      ORDER BY since
      LIMIT 1
      """;

  private @Nullable Instant warnedAt;

  /**
   * What holds the oldest view of the database.
   *
   * @param who for people
   */
  public record Snapshot(String who, Duration age) {}

  /**
   * Reads what is held now; warns when it is older than 10 min, and again every 10 min.
   *
   * @return empty when no transaction is open
   */
  public Optional<Snapshot> look(Handle handle, Instant now) {
    Optional<Snapshot> oldest =
        handle
            .createQuery(OLDEST)
            .map((row, context) ->
                new Snapshot(
                    row.getString("who"),
                    Duration.ofMillis((long) (row.getDouble("seconds") * 1_000))))
            .findOne();
    oldest
        .filter(snapshot -> snapshot.age().compareTo(TOO_OLD) > 0)
        .ifPresent(snapshot -> warn(snapshot, now));
    return oldest;
  }

  private void warn(Snapshot snapshot, Instant now) {
    if (warnedAt != null && now.isBefore(warnedAt.plus(TOO_OLD))) {
      return;
    }
    warnedAt = now;
    log.warn(
        "{} has kept a transaction open for {}: dead rows cannot be cleaned away, and finding due deliveries becomes slow",
        snapshot.who(),
        snapshot.age());
  }
}
