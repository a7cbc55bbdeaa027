package dev.posthorn.egress;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of an exchange took; null where a part was not needed or not reached.
 *
 * @param dns the look-up
 * @param connect opening the TCP connection
 * @param tls the handshake
 * @param firstByte from the start of the exchange until the first response head had come, an
 *     interim one (1xx) included; the receiver has seen the request by then
 * @param total from the start to the end of the exchange
 * @param startedNanos the start, on the client's nanosecond ticker
 */
public record Timings(
    @Nullable Duration dns,
    @Nullable Duration connect,
    @Nullable Duration tls,
    @Nullable Duration firstByte,
    Duration total,
    long startedNanos) {

  /** The instant of {@code firstByte} on the client's ticker; empty without a response. */
  public OptionalLong firstByteNanos() {
    return firstByte == null
        ? OptionalLong.empty()
        : OptionalLong.of(startedNanos + firstByte.toNanos());
  }

  /** The end of the exchange on the client's ticker. */
  public long endedNanos() {
    return startedNanos + total.toNanos();
  }
}
