package dev.posthorn.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Binds many rows to one statement, a column at a time, each as an array that the statement reads
 * with {@code unnest}. A null value is a null in its column.
 *
 * <p>The arrays go over in PostgreSQL's binary form, so neither side writes numbers, times and ids
 * as text and reads them back.
 *
 * @param <R> what a row is made from
 */
public record Rows<R>(SqlStatement<?> statement, List<R> rows) {
  /** The first moment of 2000, from which PostgreSQL counts microseconds. */
  private static final long EPOCH_SECONDS = 946_684_800;

  public Rows<R> longs(String name, Function<R, @Nullable Long> value) {
    return bind(name, ArrayType.BIGINT, value, (array, number) -> array.addLong(number));
  }

  public Rows<R> integers(String name, Function<R, @Nullable Integer> value) {
    return bind(name, ArrayType.INTEGER, value, (array, number) -> array.addInt(number));
  }

  public Rows<R> booleans(String name, Function<R, @Nullable Boolean> value) {
    return bind(
        name,
        ArrayType.BOOLEAN,
        value,
        (array, truth) -> array.addBytes(new byte[] {(byte) (truth ? 1 : 0)}));
  }

  public Rows<R> texts(String name, Function<R, @Nullable String> value) {
    return bind(name, ArrayType.TEXT, value, (array, text) -> array.addBytes(text.getBytes(UTF_8)));
  }

  public Rows<R> uuids(String name, Function<R, @Nullable UUID> value) {
    return bind(
        name,
        ArrayType.UUID,
        value,
        (array, id) -> array.addLongs(id.getMostSignificantBits(), id.getLeastSignificantBits()));
  }

  public Rows<R> bytes(String name, Function<R, byte @Nullable []> value) {
    return bind(name, ArrayType.BYTEA, value, BinaryArray::addBytes);
  }

  /** To the microsecond; what is finer is cut off. */
  public Rows<R> times(String name, Function<R, @Nullable Instant> value) {
    return bind(
        name, ArrayType.TIMESTAMPTZ, value, (array, time) -> array.addLong(microseconds(time)));
  }

  private static long microseconds(Instant time) {
    return (time.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + time.getNano() / 1_000;
  }

  private <T> Rows<R> bind(
      String name,
      ArrayType type,
      Function<R, @Nullable T> value,
      BiConsumer<BinaryArray, T> element) {
    BinaryArray array = new BinaryArray(type, rows.size());
    for (R row : rows) {
      T one = value.apply(row);
      if (one == null) {
        array.addNull();
      } else {
        element.accept(array, one);
      }
    }
    statement.bind(name, (position, prepared, context) -> prepared.setObject(position, array));
    return this;
  }
}
