package dev.posthorn.db;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daily partitions of what happened: made {@value #DAYS_AHEAD} days ahead.
 *
 * <p>A partition is made as a plain table and then attached, with a short lock time-out and another
 * try later: {@code CREATE TABLE … PARTITION OF} would wait for every open transaction and hold up
 * all inserts behind it. There is no default partition: attaching would have to scan it.
 */
public final class Partitions {
  private static final Logger log = LoggerFactory.getLogger(Partitions.class);
  private static final int DAYS_AHEAD = 14;
  private static final String ATTACHED =
      """
      SELECT child.relname
      FROM pg_inherits i
      JOIN pg_class child ON child.oid = i.inhrelid
      JOIN pg_class parent ON parent.oid = i.inhparent
      JOIN pg_namespace n ON n.oid = parent.relnamespace
      WHERE n.nspname = 'posthorn' AND parent.relkind = 'p' AND NOT i.inhdetachpending
      """;

  private final Database database;

  public Partitions(Database database) {
    this.database = database;
  }

  /** One day's share of the ids: {@code from} belongs to it, {@code to} does not. */
  public record Day(LocalDate date, UUID from, UUID to) {
    public static Day of(LocalDate date) {
      return new Day(date, firstIdOf(date), firstIdOf(date.plusDays(1)));
    }

    private static UUID firstIdOf(LocalDate date) {
      Instant midnight = date.atStartOfDay(ZoneOffset.UTC).toInstant();
      // Version and variant stay zero: lower than every id of that day.
      return new UUID(midnight.toEpochMilli() << 16, 0);
    }
  }

  /** Makes what is missing from yesterday to {@value #DAYS_AHEAD} days ahead. */
  public void makeAhead(LocalDate today) {
    make(today.minusDays(1), today.plusDays(DAYS_AHEAD));
  }

  /** Makes what is missing from one day to another, both included. */
  public void make(LocalDate first, LocalDate last) {
    Set<DailyTable.Partition> existing = attached();
    for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
      for (DailyTable table : DailyTable.values()) {
        if (!existing.contains(table.on(date))) {
          make(table.on(date));
        }
      }
    }
  }

  /** The days up to {@code last} that have a partition of deliveries, oldest first. */
  public List<Day> daysUntil(LocalDate last) {
    return attached().stream()
        .filter(partition -> partition.table() == DailyTable.DELIVERY)
        .map(DailyTable.Partition::date)
        .filter(date -> !date.isAfter(last))
        .sorted()
        .map(Day::of)
        .toList();
  }

  private Set<DailyTable.Partition> attached() {
    return database.withHandle(handle ->
        handle.createQuery(ATTACHED).mapTo(String.class).stream()
            .map(DailyTable.Partition::named)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet()));
  }

  private void make(DailyTable.Partition partition) {
    try {
      database.inTransaction(transaction -> {
        transaction.execute("SET LOCAL lock_timeout = '1s'");
        transaction.execute(partition.createSql());
        transaction.execute(partition.attachSql());
        return null;
      });
    } catch (JdbiException e) {
      if (attached().contains(partition)) {
        return; // another node was first
      }
      log.warn("partition {} could not be made, to be tried again", partition.name(), e);
    }
  }
}
