package dev.posthorn.db;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many callers, one transaction: what waits is drained, written by one piece of work, committed
 * once, and each caller gets its own result.
 *
 * <p>Without load a single item goes at once. Under load a batch gathers while the one before it
 * commits, and then a little longer, as long as more keeps coming: a transaction costs the same
 * whether it writes ten rows or two hundred, so larger batches leave more of the machine for the
 * rows.
 *
 * <p>A batch that the database refuses for its data is split until the bad item is alone, so it
 * fails only its own caller. One that fails for anything else would fail in parts too: its items
 * wait, or fail together, as the settings say.
 *
 * @param <T> what one caller submits
 * @param <R> what it gets once it is committed
 */
public final class GroupCommit<T, R> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final Duration OUTAGE_PAUSE = Duration.ofMillis(200);

  /** For what somebody has to mend: it is logged in full each time. */
  private static final Duration FAULT_PAUSE = Duration.ofSeconds(2);

  /** A batch of fewer callers than this is no load: the next one does not wait for more. */
  private static final int CROWD = 8;

  /** When nothing more comes for so long, nothing is waited for. */
  private static final Duration QUIET = Duration.ofNanos(500_000);

  /** What is done with a batch. */
  public interface Work<T, R> {
    /** How much an item counts towards the size of a batch: the rows that it stands for. */
    default int weight(T item) {
      return 1;
    }

    /**
     * Writes the items; returns as many results, in their order. May be called again with a part of
     * them.
     */
    List<R> write(Handle transaction, List<T> items);

    /**
     * Writes the items of a transaction that failed for something else than its data: nobody knows
     * whether it was committed.
     */
    default List<R> writeAgain(Handle transaction, List<T> items) {
      return write(transaction, items);
    }

    /** Called after the commit, before the callers return. Must not block. */
    default void committed(List<R> results) {}
  }

  /**
   * How batches are made.
   *
   * @param name for threads and log lines
   * @param maxWeight a batch is closed when it weighs this much
   * @param committers how many batches may be under way at once
   * @param linger the longest that a batch waits for more under load; zero for not at all
   * @param outlastsOutages whether items that are not refused for their data wait until they are
   *     committed, or this is closed; else they fail at once
   */
  public record Settings(
      String name, int maxWeight, int committers, Duration linger, boolean outlastsOutages) {}

  private record Entry<T, R>(T item, CompletableFuture<R> done) {}

  private final Database database;
  private final Settings settings;
  private final Work<T, R> work;
  private final BlockingQueue<Entry<T, R>> waiting = new LinkedBlockingQueue<>(100_000);
  private final List<Thread> committers = new ArrayList<>();
  private final ReentrantLock gathering = new ReentrantLock();
  private boolean crowded; // guarded by gathering: whether the last batch was one of many callers
  private volatile boolean closed;

  public GroupCommit(Database database, Settings settings, Work<T, R> work) {
    this.database = database;
    this.settings = settings;
    this.work = work;
    for (int i = 0; i < settings.committers(); i++) {
      committers.add(
          Thread.ofPlatform()
              .name(settings.name() + "-" + i)
              .daemon()
              .start(this::commitUntilClosed));
    }
  }

  /**
   * Waits until the item is committed.
   *
   * @throws RuntimeException what the database said of this item, or that it is away
   * @throws IllegalStateException when this is closed
   */
  public R submit(T item) {
    try {
      return enqueue(item).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Has the item committed, without waiting for it.
   *
   * @return completed once it is committed, by the thread that committed it: what follows must not
   *     block
   */
  public CompletableFuture<R> enqueue(T item) {
    Entry<T, R> entry = new Entry<>(item, new CompletableFuture<>());
    try {
      waiting.put(entry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          settings.name() + ": interrupted before the item was taken", e);
    }
    if (closed) {
      failWaiting();
    }
    return entry.done();
  }

  /** How many items wait for a batch. */
  public int waiting() {
    return waiting.size();
  }

  /** Commits what is under way and refuses the rest. */
  @Override
  public void close() {
    closed = true;
    for (Thread committer : committers) {
      try {
        committer.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    failWaiting();
  }

  private void commitUntilClosed() {
    while (!closed || !waiting.isEmpty()) {
      List<Entry<T, R>> batch = List.of();
      try {
        batch = nextBatch();
        if (!batch.isEmpty()) {
          commit(batch, false);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable e) { // the loop must outlive whatever a batch does
        log.error("{}: a batch of {} failed", settings.name(), batch.size(), e);
        fail(batch, new IllegalStateException(settings.name() + ": the batch failed", e));
      }
    }
  }

  /** One committer gathers at a time: two would share what comes, and commit twice as often. */
  private List<Entry<T, R>> nextBatch() throws InterruptedException {
    gathering.lockInterruptibly();
    try {
      Entry<T, R> first = waiting.poll(100, TimeUnit.MILLISECONDS);
      if (first == null) {
        return List.of();
      }
      if (crowded) {
        letGather();
      }
      List<Entry<T, R>> batch = drain(first);
      crowded = batch.size() >= CROWD;
      return batch;
    } finally {
      gathering.unlock();
    }
  }

  /** Returns when nothing more comes, or enough has come, or it has lasted long enough. */
  private void letGather() {
    long naps = settings.linger().dividedBy(QUIET);
    int before = -1;
    for (int now = waiting.size();
        now > before && now < settings.maxWeight() && naps > 0 && !closed;
        now = waiting.size()) {
      before = now;
      naps--;
      LockSupport.parkNanos(QUIET.toNanos());
    }
  }

  private List<Entry<T, R>> drain(Entry<T, R> first) {
    List<Entry<T, R>> batch = new ArrayList<>();
    int weight = 0;
    for (Entry<T, R> next = first; next != null; ) {
      batch.add(next);
      weight += work.weight(next.item());
      next = weight < settings.maxWeight() ? waiting.poll() : null;
    }
    return batch;
  }

  /**
   * @param again whether they may be committed already: nobody knows
   */
  private void commit(List<Entry<T, R>> batch, boolean again) throws InterruptedException {
    List<T> items = batch.stream().map(Entry::item).toList();
    Optional<List<R>> results = Optional.empty();
    for (boolean repeated = again; results.isEmpty(); repeated = true) {
      try {
        results = Optional.of(write(items, repeated));
      } catch (RuntimeException | Error e) {
        if (!mayWait(e)) {
          failOrSplit(batch, repeated, e);
          return;
        }
        logWaiting(items.size(), e);
        Thread.sleep(Database.isTransient(e) ? OUTAGE_PAUSE : FAULT_PAUSE);
      }
    }
    succeed(batch, results.get());
  }

  private boolean mayWait(Throwable failure) {
    return !closed && settings.outlastsOutages() && !Database.isRefusal(failure);
  }

  private void failOrSplit(List<Entry<T, R>> batch, boolean again, Throwable failure)
      throws InterruptedException {
    if (batch.size() > 1 && Database.isRefusal(failure)) {
      commit(batch.subList(0, batch.size() / 2), again);
      commit(batch.subList(batch.size() / 2, batch.size()), again);
    } else {
      fail(batch, failure);
    }
  }

  private void succeed(List<Entry<T, R>> batch, List<R> results) {
    announce(results);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).done().complete(results.get(i));
    }
  }

  /** What is committed stays so, whatever becomes of those who are told. */
  private void announce(List<R> results) {
    try {
      work.committed(results);
    } catch (RuntimeException | Error e) {
      log.error("{}: {} committed items were not handed on", settings.name(), results.size(), e);
    }
  }

  private void logWaiting(int items, Throwable failure) {
    if (Database.isTransient(failure)) {
      log.warn(
          "{}: {} items wait for the database: {}", settings.name(), items, failure.getMessage());
    } else {
      log.error("{}: {} items wait until this is mended", settings.name(), items, failure);
    }
  }

  private List<R> write(List<T> items, boolean again) {
    return database.inTransaction(transaction ->
        again ? work.writeAgain(transaction, items) : work.write(transaction, items));
  }

  private void failWaiting() {
    List<Entry<T, R>> left = new ArrayList<>();
    waiting.drainTo(left);
    fail(left, new IllegalStateException(settings.name() + " is closed"));
  }

  private void fail(List<Entry<T, R>> batch, Throwable failure) {
    RuntimeException said =
        failure instanceof RuntimeException exception
            ? exception
            : new IllegalStateException(settings.name() + ": the batch failed", failure);
    batch.forEach(entry -> entry.done().completeExceptionally(said));
  }
}
