package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Waits for the next attempt of a delivery, whichever node makes it, by looking into the log; no
 * connection is held between two looks.
 */
final class AttemptWatch {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  /** An attempt that was under way already when it was asked for began at most so long ago. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(1);

  private static final int LOOKED_AT = 100;

  private final Database database;
  private final EngineClock clock;
  private final Duration patience;

  /**
   * @param patience how long to wait
   */
  AttemptWatch(Database database, EngineClock clock, Duration patience) {
    this.database = database;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * The first attempt after those that were made already.
   *
   * @param attempts how many those are
   */
  Awaited await(LaneKey lane, UUID event, int attempts) {
    UUID behind = TimeOrderedIds.lowestAt(clock.instant().minus(UNDER_WAY));
    long end = clock.nanos() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    Optional<StoredAttempt> made = next(lane, event, attempts, behind);
    while (made.isEmpty() && clock.nanos() < end && rest(pause)) {
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      made = next(lane, event, attempts, behind);
    }
    return made.<Awaited>map(Awaited.Attempted::new).orElseGet(() -> due(lane, event));
  }

  private Optional<StoredAttempt> next(LaneKey lane, UUID event, int attempts, UUID behind) {
    return database
        .withHandle(
            handle -> DeliveryHistory.attempts(handle, lane, event, Optional.of(behind), LOOKED_AT))
        .items()
        .stream()
        .filter(attempt -> attempt.number() > attempts && !attempt.outcome().equals("open"))
        .findFirst();
  }

  private Awaited due(LaneKey lane, UUID event) {
    return database.withHandle(handle ->
        DeliveryHistory.find(handle, lane, event)
            .flatMap(delivery ->
                ReceivingWebhook.find(handle, lane.accountId(), lane.publicId(), clock.instant())
                    .map(webhook -> new Awaited.Due(delivery, webhook)))
            .orElseThrow(() -> Problem.notFound().exception()));
  }

  private static boolean rest(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
