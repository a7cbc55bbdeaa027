package dev.posthorn.delivery;

import java.time.Duration;

/**
 * How much of its backlog a lane holds in memory.
 *
 * @param low fewer buffered deliveries than this start a fetch
 * @param high no more than this many are buffered, nor read at once
 * @param bytes no more than this many bytes are buffered, nor read at once, but always one delivery
 * @param probeInterval the most time from one reading from the start to the next that is wanted;
 *     less when readings are quick
 */
public record BufferLimits(int low, int high, long bytes, Duration probeInterval) {
  static final BufferLimits DEFAULTS = new BufferLimits(100, 500, 1 << 20, Duration.ofSeconds(1));
}
