package dev.posthorn.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Every value comes back from PostgreSQL as it was bound. */
final class RowsTest {
  private static final String READ_BACK =
      """
      SELECT * FROM unnest(:longs, :integers, :booleans, :texts, :uuids, :bytes, :times)
      AS t (longs, integers, booleans, texts, uuids, bytes, times)
      """;

  @AutoClose private final TestDatabase postgres = TestDatabase.empty();

  @SuppressWarnings("ArrayRecordComponent") // compared as lists
  private record Row(
      @Nullable Long number,
      @Nullable Integer small,
      @Nullable Boolean truth,
      @Nullable String text,
      @Nullable UUID id,
      byte @Nullable [] bytes,
      @Nullable Instant time) {
    List<@Nullable Object> values() {
      return Arrays.asList(
          number, small, truth, text, id, bytes == null ? null : new String(bytes, UTF_8), time);
    }
  }

  @Test
  void readsBackTheEdgesOfEveryType() {
    Instant beforePostgres = Instant.parse("1969-12-31T23:59:59.999999Z");
    List<Row> rows =
        List.of(
            new Row(
                Long.MIN_VALUE,
                Integer.MIN_VALUE,
                true,
                "",
                new UUID(0, 0),
                new byte[0],
                Instant.EPOCH),
            new Row(
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                false,
                "{\"a\",NULL}",
                new UUID(-1, -1),
                "\\x".getBytes(UTF_8),
                beforePostgres),
            new Row(
                0L,
                0,
                true,
                "größer 🦄 \n",
                new UUID(1, -1),
                new byte[] {1, 2},
                Instant.parse("9999-12-31T23:59:59.999999Z")),
            new Row(null, null, null, null, null, null, null));

    assertThat(readBack(rows)).isEqualTo(values(rows));
  }

  @Test
  void readsBackWhateverIsBound() {
    long seed = new Random().nextLong();
    RandomGenerator random = new Random(seed);
    for (int length : new int[] {0, 1, 2, 17, 1_000}) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        rows.add(row(random));
      }
      assertThat(readBack(rows)).as("seed %s, %s rows", seed, length).isEqualTo(values(rows));
    }
  }

  private static Row row(RandomGenerator random) {
    Instant time = Instant.EPOCH.plus(random.nextLong(-(1L << 50), 1L << 52), ChronoUnit.MICROS);
    String text = Long.toString(random.nextLong(), 36).repeat(random.nextInt(40));
    return new Row(
        random.nextInt(5) == 0 ? null : random.nextLong(),
        random.nextInt(5) == 0 ? null : random.nextInt(),
        random.nextInt(5) == 0 ? null : random.nextBoolean(),
        random.nextInt(5) == 0 ? null : text,
        random.nextInt(5) == 0 ? null : new UUID(random.nextLong(), random.nextLong()),
        random.nextInt(5) == 0 ? null : text.getBytes(UTF_8),
        random.nextInt(5) == 0 ? null : time);
  }

  private static List<List<@Nullable Object>> values(List<Row> rows) {
    return rows.stream().map(Row::values).toList();
  }

  private List<List<@Nullable Object>> readBack(List<Row> rows) {
    return postgres
        .database()
        .withHandle(handle -> {
          try (Query query = handle.createQuery(READ_BACK)) {
            new Rows<>(query, rows)
                .longs("longs", Row::number)
                .integers("integers", Row::small)
                .booleans("booleans", Row::truth)
                .texts("texts", Row::text)
                .uuids("uuids", Row::id)
                .bytes("bytes", Row::bytes)
                .times("times", Row::time);
            return query
                .map((row, context) -> {
                  OffsetDateTime time = row.getObject(7, OffsetDateTime.class);
                  return new Row(
                          row.getObject(1, Long.class),
                          row.getObject(2, Integer.class),
                          row.getObject(3, Boolean.class),
                          row.getString(4),
                          row.getObject(5, UUID.class),
                          row.getBytes(6),
                          time == null ? null : time.toInstant())
                      .values();
                })
                .list();
          }
        });
  }
}
