package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Carries out what is asked of a webhook's deliveries, on the node that owns it. */
final class IntentWork {
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONGEST_AFTER_FAILURES = Duration.ofMinutes(1);
  private static final Duration UNTIL_LAST_ATTEMPTS_END = Duration.ofMillis(200);

  /** One delivery first: it does not wait for the thousands of a recovery. */
  private static final Comparator<Intent> ORDER =
      Comparator.comparing(intent -> intent.kind() == Intent.Kind.RECOVER);

  private final Database database;
  private final DeliveryQueue queue;
  private final Workers workers;
  private final InstantSource clock;

  IntentWork(Database database, DeliveryQueue queue, Workers workers, InstantSource clock) {
    this.database = database;
    this.queue = queue;
    this.workers = workers;
    this.clock = clock;
  }

  /**
   * Does all that is open, in the order in which it was asked for; one thread at a time for a lane.
   * What fails is tried again until it is done, or the lane is no longer owned.
   */
  void carryOutAll(Lane lane) {
    if (lane.intents().begin()) {
      carryOutBegun(lane, AFTER_A_FAILURE);
    }
  }

  /**
   * Whoever comes meanwhile relies on the one who has begun, also when that fails, or has to wait
   * for the last attempts.
   *
   * @param pause after a failure; longer after each that is not just the database's being away
   */
  private void carryOutBegun(Lane lane, Duration pause) {
    boolean done;
    try {
      do {
        done = carryOutOpen(lane);
      } while (done && lane.intents().goOn());
    } catch (RuntimeException | Error e) {
      Duration longer = Collections.min(List.of(pause.multipliedBy(2), LONGEST_AFTER_FAILURES));
      Duration next = Database.isTransient(e) ? AFTER_A_FAILURE : longer;
      later(() -> carryOutBegun(lane, next), pause);
      throw e;
    }
    if (!done) {
      later(() -> carryOutBegun(lane, AFTER_A_FAILURE), UNTIL_LAST_ATTEMPTS_END);
    }
  }

  private void later(Runnable task, Duration delay) {
    var _ = workers.runLater(() -> workers.run(task), delay);
  }

  /** From now on the lane begins nothing of what is to be skipped. */
  void enforceSkips(Lane lane) {
    enforceSkips(lane, open(lane));
  }

  private static void enforceSkips(Lane lane, List<Intent> open) {
    open.stream().filter(IntentWork::isSkip).forEach(intent -> lane.skipTo(intent.toEvent()));
  }

  private List<Intent> open(Lane lane) {
    LaneKey key = lane.key();
    return database.withHandle(handle -> Intents.open(handle, key.accountId(), key.webhookId()));
  }

  /**
   * What comes behind a skip waits until the skip is done, or it would be cancelled by it; a skip
   * is done when the last attempt that was under way has ended.
   *
   * @return whether nothing is left that waits for that
   */
  private boolean carryOutOpen(Lane lane) {
    if (!lane.isOwned()) {
      return true;
    }
    Optional<UUID> skipping = lane.skippingTo();
    List<Intent> open = workers.fetch(() -> open(lane));
    enforceSkips(lane, open);
    if (open.stream().noneMatch(IntentWork::isSkip)) {
      skipping.ifPresent(lane::skippedTo); // the commit that ended it may have got no answer
    }
    lane.open();
    for (Intent intent : open.stream().sorted(ORDER).toList()) {
      boolean done = carryOut(lane, intent);
      if (!done && isSkip(intent)) {
        return false;
      }
      if (done && isSkip(intent)) {
        lane.skippedTo(intent.toEvent());
      }
    }
    return true;
  }

  /**
   * Stops between two slices when something was asked meanwhile, to look what it is; what is left
   * stays stored.
   */
  private boolean carryOut(Lane lane, Intent stored) {
    Intent intent = stored;
    boolean more = true;
    boolean done = false;
    while (more && lane.isOwned() && !isDeleted(lane)) {
      Intent next = intent;
      Intents.Slice slice = workers.slice(() -> carryOutSlice(lane, next));
      done = slice.done();
      more = slice.full() && !lane.intents().isAskedAgain();
      intent = slice.full() ? intent.at(slice.events().getLast()) : intent;
    }
    return isDeleted(lane) ? end(lane, stored) : done;
  }

  private static boolean isSkip(Intent intent) {
    return intent.kind() == Intent.Kind.SKIP;
  }

  private static boolean isDeleted(Lane lane) {
    return lane.target().state() == LaneTarget.State.DELETED;
  }

  /** Whatever a deleted webhook still has is cancelled anyway. */
  private boolean end(Lane lane, Intent intent) {
    workers.slice(() ->
        database.withHandle(handle -> Intents.finish(handle, lane.key(), intent, clock.instant())));
    return true;
  }

  private Intents.Slice carryOutSlice(Lane lane, Intent intent) {
    Intents.Slice slice =
        database.inTransaction(transaction ->
            Intents.carryOutSlice(
                transaction, lane.key(), intent, lane.inFlightEvents(), clock.instant()));
    if (intent.kind() == Intent.Kind.RETRY) {
      slice.events().forEach(event -> lane.sendFirst(() -> queue.find(lane.key(), event)));
    } else {
      lane.probe();
    }
    return slice;
  }
}
