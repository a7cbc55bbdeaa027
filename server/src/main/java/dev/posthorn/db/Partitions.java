package dev.posthorn.db;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
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
  private static final List<String> TABLES = List.of("event", "delivery", "attempt");

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

    String suffix() {
      return date.toString().replace('-', '_');
    }
  }

  /** Makes what is missing from yesterday to {@value #DAYS_AHEAD} days ahead. */
  public void makeAhead(LocalDate today) {
    Set<String> existing = existing();
    for (LocalDate date = today.minusDays(1);
        !date.isAfter(today.plusDays(DAYS_AHEAD));
        date = date.plusDays(1)) {
      for (String table : TABLES) {
        Day day = Day.of(date);
        if (!existing.contains(table + "_" + day.suffix())) {
          make(table, day);
        }
      }
    }
  }

  /** The days up to {@code last} that have a partition of deliveries, oldest first. */
  public List<Day> daysUntil(LocalDate last) {
    return existing().stream()
        .filter(name -> name.startsWith("delivery_"))
        .map(name -> LocalDate.parse(name.substring("delivery_".length()).replace('_', '-')))
        .filter(date -> !date.isAfter(last))
        .sorted()
        .map(Day::of)
        .toList();
  }

  private Set<String> existing() {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT child.relname
                FROM pg_inherits i
                JOIN pg_class child ON child.oid = i.inhrelid
                JOIN pg_class parent ON parent.oid = i.inhparent
                JOIN pg_namespace n ON n.oid = parent.relnamespace
                WHERE n.nspname = 'posthorn' AND parent.relkind = 'p'
                """)
            .mapTo(String.class)
            .stream()
            .collect(Collectors.toSet()));
  }

  private void make(String table, Day day) {
    try {
      database.inTransaction(transaction -> {
        createAndAttach(transaction, table, day);
        return null;
      });
    } catch (JdbiException e) {
      if (existing().contains(table + "_" + day.suffix())) {
        return; // another node was first
      }
      log.warn("partition of {} for {} could not be made, to be tried again", table, day.date(), e);
    }
  }

  /** Table names cannot be parameters; these are a constant and a date. */
  private static void createAndAttach(Handle transaction, String table, Day day) {
    String partition = table + "_" + day.suffix();
    transaction.execute("SET LOCAL lock_timeout = '1s'");
    transaction.execute("CREATE TABLE " + partition + " (LIKE " + table + " INCLUDING ALL)");
    transaction.execute(
        "ALTER TABLE "
            + table
            + " ATTACH PARTITION "
            + partition
            + " FOR VALUES FROM ('"
            + day.from()
            + "') TO ('"
            + day.to()
            + "')");
  }
}
