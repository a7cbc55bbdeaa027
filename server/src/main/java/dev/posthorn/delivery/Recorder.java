package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.GroupCommit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what came of attempts: many outcomes, one transaction.
 *
 * <p>Settling may be repeated, and may come late from a node that has lost its shard: a success
 * settles any pending delivery, a failure only one that has no later attempt. While the database
 * takes none, whatever the reason, outcomes wait in memory.
 */
final class Recorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  /**
   * How long outcomes gather under load. A lane has no more requests under way than outcomes that
   * wait here: what is long for it slows its webhook.
   */
  private static final Duration LINGER = Duration.ofMillis(10);

  /** How long somebody who needs an outcome stored is kept waiting for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Listener NOBODY = outcomes -> {};

  private final GroupCommit<Entry, Entry> commits;

  /** Who is told what is stored. */
  interface Listener {
    /** These outcomes of its are stored. Called by the thread that stored them: must not block. */
    void recorded(List<Outcome> outcomes);

    /**
     * This outcome will not be stored: the database refuses it even without its details, or the
     * recorder is closed. Must not block.
     */
    default void givenUp(Outcome outcome) {}
  }

  record Entry(Outcome outcome, Listener listener) {}

  Recorder(Database database, int committers, InstantSource clock) {
    this.commits =
        new GroupCommit<>(
            database,
            new GroupCommit.Settings("recorder", 1_000, committers, LINGER, true),
            new Batch(clock));
  }

  /**
   * Returns when the outcome is stored. What the receiver sent is left out if the database refuses
   * it.
   *
   * @throws IllegalStateException when the recorder is closed, or the database does not take it in
   *     time; then it may be stored later
   */
  void record(Outcome outcome) {
    try {
      store(new Entry(outcome, NOBODY)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw notStored(outcome, "within " + PATIENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notStored(outcome, "before an interrupt", e);
    }
  }

  private static IllegalStateException notStored(Outcome outcome, String when, Exception cause) {
    return new IllegalStateException(
        "attempt " + outcome.attempt().id() + " was not stored " + when, cause);
  }

  /** Has the outcome stored, likewise, and the listener told. */
  void record(Outcome outcome, Listener listener) {
    var _ =
        store(new Entry(outcome, listener))
            .exceptionally(failure -> {
              giveUp(outcome, listener, failure);
              return null;
            });
  }

  private CompletableFuture<Entry> store(Entry entry) {
    return commits
        .enqueue(entry)
        .exceptionallyCompose(failure ->
            isRefused(failure)
                ? commits.enqueue(bare(entry, failure))
                : CompletableFuture.failedFuture(failure));
  }

  private static boolean isRefused(Throwable failure) {
    return Database.isRefusal(failure) && !(failure instanceof IllegalStateException);
  }

  private static Entry bare(Entry entry, Throwable failure) {
    Outcome outcome = entry.outcome();
    log.warn("attempt {} is stored without its details", outcome.attempt().id(), failure);
    return new Entry(outcome.withoutDetails(), entry.listener());
  }

  /** Its delivery stays pending, and is sent again. */
  private static void giveUp(Outcome outcome, Listener listener, Throwable failure) {
    log.error("what came of attempt {} was not stored", outcome.attempt().id(), failure);
    listener.givenUp(outcome);
  }

  int waiting() {
    return commits.waiting();
  }

  @Override
  public void close() {
    commits.close();
  }

  /**
   * What one transaction stores.
   *
   * @param clock tells the minute that outcomes are counted in
   */
  record Batch(InstantSource clock) implements GroupCommit.Work<Entry, Entry> {
    @Override
    public List<Entry> write(Handle transaction, List<Entry> entries) {
      List<Outcome> outcomes = outcomes(entries);
      SettleStatement.execute(transaction, outcomes);
      count(transaction, outcomes);
      return entries;
    }

    /** All of a batch are stored, or none: what was stored must not be counted once more. */
    @Override
    public List<Entry> writeAgain(Handle transaction, List<Entry> entries) {
      List<Outcome> outcomes = outcomes(entries);
      if (SettleStatement.executeAgain(transaction, outcomes)) {
        count(transaction, outcomes);
      }
      return entries;
    }

    private static List<Outcome> outcomes(List<Entry> entries) {
      return entries.stream().map(Entry::outcome).toList();
    }

    private void count(Handle transaction, List<Outcome> outcomes) {
      WebhookEffects.apply(transaction, outcomes);
      RollUps.add(transaction, outcomes, clock.instant());
    }

    /** Each is told once a batch: what follows from one outcome follows from many. */
    @Override
    public void committed(List<Entry> entries) {
      IdentityHashMap<Listener, List<Outcome>> byListener = new IdentityHashMap<>();
      entries.forEach(entry ->
          byListener
              .computeIfAbsent(entry.listener(), listener -> new ArrayList<>())
              .add(entry.outcome()));
      byListener.forEach(Batch::tell);
    }

    /** A fault in one lane must not keep the news from the others. */
    private static void tell(Listener listener, List<Outcome> outcomes) {
      try {
        listener.recorded(outcomes);
      } catch (RuntimeException | Error e) {
        log.error("{} outcomes are stored, but their lane did not take it in", outcomes.size(), e);
      }
    }
  }
}
