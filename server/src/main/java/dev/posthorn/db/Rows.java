package dev.posthorn.db;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Binds many rows to one statement, a column at a time, each as an array that the statement reads
 * with {@code unnest}. A null value is a null in its column.
 *
 * @param <R> what a row is made from
 */
public record Rows<R>(SqlStatement<?> statement, List<R> rows) {

  public Rows<R> longs(String name, Function<R, @Nullable Long> value) {
    return bind(name, "bigint", Long[]::new, value);
  }

  public Rows<R> integers(String name, Function<R, @Nullable Integer> value) {
    return bind(name, "integer", Integer[]::new, value);
  }

  public Rows<R> booleans(String name, Function<R, @Nullable Boolean> value) {
    return bind(name, "boolean", Boolean[]::new, value);
  }

  public Rows<R> texts(String name, Function<R, @Nullable String> value) {
    return bind(name, "text", String[]::new, value);
  }

  public Rows<R> uuids(String name, Function<R, @Nullable UUID> value) {
    return bind(name, "uuid", UUID[]::new, value);
  }

  public Rows<R> bytes(String name, Function<R, byte @Nullable []> value) {
    return bind(name, "bytea", byte[][]::new, value);
  }

  public Rows<R> times(String name, Function<R, @Nullable Instant> value) {
    return bind(
        name,
        "timestamptz",
        String[]::new,
        row -> {
          Instant time = value.apply(row);
          return time == null ? null : time.toString();
        });
  }

  private <T> Rows<R> bind(
      String name, String type, IntFunction<@Nullable T[]> array, Function<R, @Nullable T> value) {
    @Nullable T[] column = array.apply(rows.size());
    for (int i = 0; i < column.length; i++) {
      column[i] = value.apply(rows.get(i));
    }
    statement.bind(
        name,
        (position, prepared, context) ->
            prepared.setArray(position, prepared.getConnection().createArrayOf(type, column)));
    return this;
  }
}
