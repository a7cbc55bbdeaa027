package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.GroupCommit;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what came of attempts: many outcomes, one transaction.
 *
 * <p>Settling may be repeated, and may come late from a node that has lost its shard: a success
 * settles any pending delivery, a failure only one that has no later attempt. While the database is
 * away outcomes wait in memory.
 */
final class Recorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final GroupCommit<Outcome, Outcome> commits;
  private final InstantSource clock;

  Recorder(Database database, int committers, InstantSource clock) {
    this.clock = clock;
    this.commits =
        new GroupCommit<>(
            database, new GroupCommit.Settings("recorder", 1_000, committers, true), this::write);
  }

  /**
   * Returns when the outcome is stored. What the receiver sent is left out if the database refuses
   * it.
   *
   * @throws IllegalStateException when the recorder is closed
   */
  void record(Outcome outcome) {
    try {
      commits.submit(outcome);
    } catch (RuntimeException e) {
      if (Database.isTransient(e) || e instanceof IllegalStateException) {
        throw e;
      }
      log.warn("attempt {} is stored without its details", outcome.attempt().id(), e);
      commits.submit(outcome.withoutDetails());
    }
  }

  int waiting() {
    return commits.waiting();
  }

  @Override
  public void close() {
    commits.close();
  }

  private List<Outcome> write(Handle transaction, List<Outcome> outcomes) {
    SettleStatement.execute(transaction, outcomes);
    WebhookEffects.apply(transaction, outcomes);
    RollUps.add(transaction, outcomes, clock.instant());
    return outcomes;
  }
}
