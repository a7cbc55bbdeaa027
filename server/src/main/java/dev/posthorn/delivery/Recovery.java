package dev.posthorn.delivery;

import dev.posthorn.db.TimeOrderedIds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A wish that what is settled be sent again.
 *
 * @param since of events from this moment on
 * @param until and before this one; absent: until it is asked for
 * @param states of deliveries in these states, sorted
 */
record Recovery(Instant since, Optional<Instant> until, List<String> states) {

  /**
   * What came of it.
   *
   * @param id of the intent; absent when nothing was stored
   * @param found how many deliveries that is about
   */
  record Asked(Optional<UUID> id, Instant until, Counted found) {}

  /** Nothing happened after now. */
  Instant end(Instant now) {
    return until.filter(time -> time.isBefore(now)).orElse(now);
  }

  Intent intent(UUID id, Instant now) {
    Instant begin = since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    return new Intent(
        id,
        Intent.Kind.RECOVER,
        TimeOrderedIds.lowestAt(begin),
        TimeOrderedIds.lowestAt(end(now)),
        states,
        Optional.empty());
  }
}
