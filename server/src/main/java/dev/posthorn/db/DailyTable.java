package dev.posthorn.db;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables that are kept in one partition a day, so that what is old is dropped and not deleted.
 */
public enum DailyTable {
  EVENT("event", Key.ID, ""),

  /**
   * Every delivery is updated within its first seconds, most of them once: vacuumed by how many
   * rows changed, for a share of a day's rows would be millions by the evening, and each dead row
   * is read again by whoever looks for the next due one.
   */
  DELIVERY(
      "delivery",
      Key.ID,
      """
       WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000)
      """),

  ATTEMPT("attempt", Key.ID, ""),

  /** Half of each page is left free for the next version of a row, updated many times a minute. */
  WEBHOOK_MINUTE(
      "webhook_minute",
      Key.TIME,
      " WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)");

  private static final Pattern PARTITION = Pattern.compile("([a-z_]+)_(\\d{4})_(\\d{2})_(\\d{2})");

  private enum Key {
    ID,
    TIME
  }

  private final String table;
  private final Key key;
  private final String storage;

  DailyTable(String table, Key key, String storage) {
    this.table = table;
    this.key = key;
    this.storage = storage;
  }

  /** One day of a table. */
  public record Partition(DailyTable table, LocalDate date) {

    /** The partition of that name, if it is the name of one. */
    static Optional<Partition> named(String name) {
      Matcher matcher = PARTITION.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      LocalDate date =
          LocalDate.parse(matcher.group(2) + '-' + matcher.group(3) + '-' + matcher.group(4));
      return Arrays.stream(values())
          .filter(table -> table.table.equals(matcher.group(1)))
          .findFirst()
          .map(table -> new Partition(table, date));
    }

    /** Made of a constant and a date: safe within a statement. */
    public String name() {
      return table.table + '_' + date.toString().replace('-', '_');
    }

    String createSql() {
      return "CREATE TABLE " + name() + " (LIKE " + table.table + " INCLUDING ALL)" + table.storage;
    }

    String attachSql() {
      return "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
          .formatted(table.table, name(), lower(date), lower(date.plusDays(1)));
    }

    String detachSql() {
      return "ALTER TABLE " + table.table + " DETACH PARTITION " + name() + " CONCURRENTLY";
    }

    String detachInOneSql() {
      return "ALTER TABLE " + table.table + " DETACH PARTITION " + name();
    }

    String finalizeSql() {
      return "ALTER TABLE " + table.table + " DETACH PARTITION " + name() + " FINALIZE";
    }

    String dropSql() {
      return "DROP TABLE " + name();
    }

    private String lower(LocalDate day) {
      return switch (table.key) {
        case ID -> Partitions.Day.of(day).from().toString();
        case TIME -> day.atStartOfDay(ZoneOffset.UTC).toInstant().toString();
      };
    }
  }

  public Partition on(LocalDate date) {
    return new Partition(this, date);
  }
}
