package dev.posthorn.account;

import dev.posthorn.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when keys were used and writes it down every few seconds, at most once a minute for
 * each key: requests never wait for it. What a crash loses is a minute of it.
 */
public final class LastUses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastUses.class);
  private static final Duration ONCE_IN = Duration.ofMinutes(1);

  private final Database database;
  private final ApiKeys keys;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Long, Instant> noted = new ConcurrentHashMap<>();
  private final Map<Long, Instant> unwritten = new ConcurrentHashMap<>();

  public LastUses(Database database, ApiKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  /** Starts writing, again and again after such a pause, until it is closed. */
  public void start(Duration pause) {
    Thread.ofVirtual().name("key-last-uses").start(() -> run(pause));
  }

  /** Notes a use; costs a look into a map. */
  void note(long keyId, Instant now) {
    Instant last = noted.get(keyId);
    if (last == null || !now.isBefore(last.plus(ONCE_IN)) || now.isBefore(last)) {
      noted.put(keyId, now);
      unwritten.put(keyId, now);
    }
  }

  /** Writes down what is new, once. */
  void runOnce() {
    // Sorted, so that two nodes lock the rows in the same order.
    Map<Long, Instant> batch = new TreeMap<>(unwritten);
    if (!batch.isEmpty()) {
      database.<@Nullable Void, RuntimeException>inTransaction(handle -> write(handle, batch));
      // A later note of the same key stays for the next time.
      batch.forEach(unwritten::remove);
      Instant newest = batch.values().stream().max(Instant::compareTo).orElseThrow();
      noted.values().removeIf(at -> at.isBefore(newest.minus(ONCE_IN)));
    }
  }

  private @Nullable Void write(Handle handle, Map<Long, Instant> batch) {
    keys.noteUses(handle, batch);
    return null;
  }

  private void run(Duration pause) {
    try {
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          runOnce();
        } catch (RuntimeException e) {
          LOG.warn("The last uses of API keys could not be written; trying again", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
