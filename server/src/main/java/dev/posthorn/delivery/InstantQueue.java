package dev.posthorn.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Moments in ascending order, in a ring of microseconds: 8 bytes each, since a webhook may be
 * allowed a million requests a minute. Adding near the end, the usual case, and removing from the
 * start cost the same at any size.
 */
final class InstantQueue {
  private long[] ring = new long[8];
  private int head;
  private int size;

  void add(Instant moment) {
    if (size == ring.length) {
      grow();
    }
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    int at = size++;
    for (; at > 0 && ring[index(at - 1)] > micros; at--) {
      ring[index(at)] = ring[index(at - 1)];
    }
    ring[index(at)] = micros;
  }

  /** Removes what is at or before {@code moment}. */
  void removeUntil(Instant moment) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    while (size > 0 && ring[head] <= micros) {
      head = index(1);
      size--;
    }
  }

  Instant get(int position) {
    return Instant.EPOCH.plus(ring[index(position)], ChronoUnit.MICROS);
  }

  int size() {
    return size;
  }

  private int index(int position) {
    return (head + position) & (ring.length - 1);
  }

  private void grow() {
    long[] larger = new long[ring.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = ring[index(i)];
    }
    ring = larger;
    head = 0;
  }
}
