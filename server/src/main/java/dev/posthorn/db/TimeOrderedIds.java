package dev.posthorn.db;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 12 bits of the
 * millisecond's fraction (method 3 of section 6.2), 62 random bits.
 *
 * <p>Ids of one instance strictly increase: when the clock has not moved on, the fraction does.
 * Thread-safe.
 */
public final class TimeOrderedIds {
  private static final long FRACTIONS_PER_MILLI = 1 << 12;
  private static final int DRAWN_IDS = 128;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final byte[] drawn = new byte[DRAWN_IDS * Long.BYTES];
  private final ByteBuffer undealt = ByteBuffer.wrap(drawn).flip(); // none yet
  private long lastTick; // milliseconds and fraction of the newest id

  /**
   * @param random asked for the bits of many ids at once: with a generator of secrets each question
   *     costs more than all else in an id
   */
  public TimeOrderedIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public synchronized UUID next() {
    lastTick = Math.max(tick(clock.instant()), lastTick + 1);
    return id(lastTick, randomBits());
  }

  private long randomBits() {
    if (!undealt.hasRemaining()) {
      random.nextBytes(drawn);
      undealt.clear();
    }
    return undealt.getLong();
  }

  /**
   * The lowest id of a moment: every id made at or after it sorts behind, in PostgreSQL's order
   * too.
   */
  public static UUID lowestAt(Instant moment) {
    return id(tick(moment), 0);
  }

  /** The moment in an id of version 7, to the millisecond. */
  public static Instant momentOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  private static long tick(Instant moment) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    return micros / 1_000 * FRACTIONS_PER_MILLI + micros % 1_000 * FRACTIONS_PER_MILLI / 1_000;
  }

  private static UUID id(long tick, long randomBits) {
    long high = (tick >>> 12) << 16 | 0x7000L | (tick & 0xFFF);
    long low = randomBits >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
