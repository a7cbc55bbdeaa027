package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How far one kind of a webhook's deliveries has been read from the database, and whether there may
 * be more.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class StoredLine {
  /** A fifth of the time, at most, goes into readings from the start. */
  private static final int RESTS = 5;

  /** And no more of them than this allows, however quick they are. */
  private static final Duration SHORTEST_REST = Duration.ofMillis(50);

  /** So long may what is new go first, from memory, for that costs less than to read it. */
  private static final Duration FAIR = Duration.ofSeconds(5);

  /**
   * So long may what is behind the position go before a reading from the start, for that walks over
   * all that is settled of a long backlog, and seldom finds anything.
   */
  private static final Duration BACKLOG_FIRST = Duration.ofSeconds(30);

  private final boolean retries;
  private final Duration probeInterval;
  private Duration rest;
  private Optional<Position> position = Optional.empty();
  private boolean more; // behind the position
  private boolean probe; // anywhere
  private boolean restarted; // since the last reading began
  private Instant overtakenSince = Instant.MAX;
  private Instant lastProbe = Instant.MIN;

  /**
   * @param probeInterval the most time between two readings from the start that are wanted; less
   *     when the last one was quick
   */
  StoredLine(boolean retries, Duration probeInterval) {
    this.retries = retries;
    this.probeInterval = probeInterval;
    this.rest = probeInterval;
  }

  /** There may be some anywhere: look from the start. */
  void probe() {
    probe = true;
  }

  /** What was read is forgotten, and so is how far it was read. */
  void restart() {
    more = false;
    probe = true;
    restarted = true;
    position = Optional.empty();
  }

  boolean isWanted() {
    return more || probe;
  }

  /** A new delivery goes before what may wait here. */
  void overtaken(Instant now) {
    if (isWanted() && now.isBefore(overtakenSince)) {
      overtakenSince = now;
    }
  }

  /** Whether that which may wait here has been overtaken for as long as is fair. */
  boolean isOvertakenForLong(Instant now) {
    return isWanted() && overtakenSince.isBefore(now) && !now.isBefore(overtakenSince.plus(FAIR));
  }

  /**
   * What to read now, if anything: behind the position first, because a reading from the start
   * walks over every index entry that was settled and not yet cleaned up; but a large backlog does
   * not keep it waiting for its end.
   */
  Optional<Fetch> begin(Instant now, int rows, long bytes) {
    boolean backlogFirst = !probe || now.isBefore(lastProbe.plus(BACKLOG_FIRST));
    if (more && backlogFirst) {
      restarted = false;
      return Optional.of(new Fetch(retries, position, rows, bytes));
    }
    if (!probe || nextProbe().isAfter(now)) {
      return Optional.empty();
    }
    probe = false;
    restarted = false;
    lastProbe = now;
    return Optional.of(new Fetch(retries, Optional.empty(), rows, bytes));
  }

  /** When a reading from the start that is wanted, and not yet allowed, may be made. */
  Optional<Instant> allowedAt(Instant now) {
    return Optional.of(nextProbe()).filter(at -> probe && !more && at.isAfter(now));
  }

  /** How long a reading took: one that is cheap may soon be repeated. */
  void took(Fetch fetch, Duration time) {
    if (fetch.behind().isEmpty()) {
      Duration wanted = Collections.max(List.of(time.multipliedBy(RESTS), SHORTEST_REST));
      rest = Collections.min(List.of(wanted, probeInterval));
    }
  }

  /**
   * Takes how far a reading came; nothing of it when the line was restarted while it ran.
   *
   * @param reachedEnd whether the database holds nothing due behind the last one found
   */
  void fetched(List<Delivery> found, boolean reachedEnd) {
    if (restarted) {
      return;
    }
    more = !reachedEnd;
    if (reachedEnd) {
      overtakenSince = Instant.MAX;
    }
    if (!found.isEmpty()) {
      Delivery last = found.getLast();
      position = Optional.of(new Position(last.dueAt(), last.eventId()));
    }
  }

  /** Nothing could be read: it is tried again from the start, and not at once. */
  void failed(Instant now) {
    more = false;
    probe = true;
    lastProbe = now;
    rest = probeInterval;
  }

  private Instant nextProbe() {
    return lastProbe.plus(rest);
  }
}
