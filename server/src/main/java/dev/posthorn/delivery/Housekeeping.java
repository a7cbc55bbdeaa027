package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.SnapshotWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done from time to time, whatever is published: partitions made ahead, old ones
 * removed, hours added up, old snapshots noticed.
 *
 * <p>Looks every minute, and does the slower part every hour. Of several nodes one removes at a
 * time. What fails, for example because a transaction of an hour is in the way, is tried again the
 * next time; it never waits for a lock for longer than a second.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration HOURS_KEPT = Duration.ofDays(400);
  private static final int MINUTES_KEPT_DAYS = 2;

  /** Held by the session of the node that removes; the first number is that of no other lock. */
  private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(1886352499, 1)";

  private final Database database;
  private final Partitions partitions;
  private final InstantSource clock;
  private final Duration retention;
  private final SnapshotWatch snapshots = new SnapshotWatch();
  private final Loop loop = new Loop("housekeeping", MINUTE, this::runOnce);
  private volatile Report report = new Report(List.of(), Optional.empty());
  private Instant nextRemoval = Instant.MIN;

  /**
   * What there is to know of it.
   *
   * @param keptDays days older than the retention that still have something to send
   * @param oldestSnapshot the transaction that has been open longest
   */
  public record Report(List<KeptDay> keptDays, Optional<SnapshotWatch.Snapshot> oldestSnapshot) {}

  /**
   * A day that is kept although its time is over.
   *
   * @param waiting how many of its deliveries are still to be sent
   */
  public record KeptDay(LocalDate date, long waiting) {}

  /**
   * @param clock the engine's
   * @param retention at least two days
   */
  public Housekeeping(
      Database database, Partitions partitions, InstantSource clock, Duration retention) {
    this.database = database;
    this.partitions = partitions;
    this.clock = clock;
    this.retention = retention;
  }

  public void start() {
    loop.start();
  }

  @Override
  public void close() {
    loop.stop();
  }

  /** As of the last look. */
  public Report report() {
    return report;
  }

  /** Looks once, and does what is due. */
  void runOnce() {
    Instant now = clock.instant();
    attempt("old snapshots", () -> lookForOldSnapshots(now));
    attempt("the counts by hour", () -> addUpHours(now));
    if (!now.isBefore(nextRemoval)) {
      nextRemoval = now.plus(HOUR);
      attempt("partitions made ahead", () -> partitions.makeAhead(date(now)));
      attempt("the removal of what is old", () -> removeOld(now));
    }
  }

  /** One task's failure is no reason to leave the others. */
  private static void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.warn("housekeeping: {} failed, to be tried again: {}", what, e.getMessage());
    }
  }

  private void lookForOldSnapshots(Instant now) {
    Optional<SnapshotWatch.Snapshot> oldest =
        database.withHandle(handle -> snapshots.look(handle, now));
    report = new Report(report.keptDays(), oldest);
  }

  private void addUpHours(Instant now) {
    database.inTransaction(transaction -> {
      RollUps.addUpHours(transaction, now);
      return null;
    });
  }

  private void removeOld(Instant now) {
    try (Handle session = database.session()) {
      if (session.createQuery(TRY_LOCK).mapTo(Boolean.class).one()) {
        removeOld(session, now);
      }
    }
  }

  private void removeOld(Handle session, Instant now) {
    Retention removing = new Retention(session);
    attempt(
        "counts by minute", () -> removing.removeMinutesBefore(firstDayOfMinutes(session, now)));
    RollUps.forgetHours(session, now.minus(HOURS_KEPT));
    LocalDate oldest = date(now.minus(retention));
    List<KeptDay> kept = removing.removeDaysBefore(oldest);
    report = new Report(kept, report.oldestSnapshot());
    kept.forEach(day ->
        log.warn("{} is kept although it is old: {} deliveries wait", day.date(), day.waiting()));
    LocalDate oldestKept = kept.stream().map(KeptDay::date).reduce(oldest, Housekeeping::earlier);
    removing.removeLeftoversBefore(
        oldestKept.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static LocalDate earlier(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }

  /** Never a day whose hours are not added up yet. */
  private static LocalDate firstDayOfMinutes(Handle session, Instant now) {
    LocalDate old = date(now).minusDays(MINUTES_KEPT_DAYS);
    LocalDate notAddedUp = date(RollUps.addedUpTo(session));
    return old.isBefore(notAddedUp) ? old : notAddedUp;
  }

  private static LocalDate date(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }
}
