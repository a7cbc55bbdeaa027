package dev.posthorn.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt as its row has it.
 *
 * @param outcome {@code succeeded}, {@code failed}, or {@code open} as long as its end is not known
 * @param failure why there was no answer; absent when there was one
 * @param nextAt when its delivery was to be tried again, as decided after it
 * @param maybeSentAt when a node died that may have sent its delivery before it, without a trace
 */
record StoredAttempt(
    UUID id,
    int number,
    Instant startedAt,
    String outcome,
    @Nullable String failure,
    @Nullable String message,
    Times times,
    @Nullable Response response,
    @Nullable Instant nextAt,
    @Nullable Instant maybeSentAt) {

  /**
   * How long its parts took, in microseconds; absent where a part was not needed or not reached.
   */
  record Times(
      @Nullable Integer dns,
      @Nullable Integer connect,
      @Nullable Integer tls,
      @Nullable Integer firstByte,
      int total) {}

  /**
   * What came back.
   *
   * @param head status line and headers as they came
   * @param truncated whether more came than is kept
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Response(int status, byte @Nullable [] head, byte @Nullable [] body, boolean truncated) {}

  static StoredAttempt read(ResultSet row) throws SQLException {
    return new StoredAttempt(
        row.getObject("id", UUID.class),
        row.getInt("number"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getString("outcome"),
        row.getString("failure"),
        row.getString("message"),
        new Times(
            row.getObject("dns_us", Integer.class),
            row.getObject("connect_us", Integer.class),
            row.getObject("tls_us", Integer.class),
            row.getObject("first_byte_us", Integer.class),
            row.getInt("total_us")),
        response(row),
        StoredDelivery.instant(row, "next_due_at"),
        null);
  }

  /** The same, before which there may have been another one, about that moment. */
  StoredAttempt maybeSentBefore(Instant moment) {
    return new StoredAttempt(
        id, number, startedAt, outcome, failure, message, times, response, nextAt, moment);
  }

  private static @Nullable Response response(ResultSet row) throws SQLException {
    Integer status = row.getObject("status", Integer.class);
    return status == null
        ? null
        : new Response(
            status,
            row.getBytes("response_headers"),
            row.getBytes("response_body"),
            row.getBoolean("truncated"));
  }
}
