package dev.posthorn.egress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Places for exchanges, and the connections that wait for the next one. In use and idle together
 * there are never more than the limit: an idle one is closed to make room. Every operation takes
 * the same time however many there are.
 */
final class ConnectionPool implements AutoCloseable {

  private final int limit;
  private final Semaphore places;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock; both hold the same connections, the set with the oldest first. */
  private final Map<Origin, Deque<Connection>> idleByOrigin = new HashMap<>();

  private final LinkedHashSet<Connection> idle = new LinkedHashSet<>();

  /** Guarded by the lock: connections that are being opened or used. */
  private int inUse;

  /** Guarded by the lock. */
  private boolean closed;

  ConnectionPool(int limit) {
    this.limit = limit;
    this.places = new Semaphore(limit);
  }

  /** Takes a place; waits for one as long as the exchange may last. */
  void enter(Flight flight) throws ExchangeFailure {
    try {
      if (!places.tryAcquire()
          && !places.tryAcquire(flight.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ExchangeFailure(FailureClass.DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExchangeFailure(FailureClass.CANCELLED, e);
    }
  }

  /** Gives the place back. */
  void leave() {
    places.release();
  }

  /** The connection that was used last, which is the likeliest to be alive; null without one. */
  @Nullable Connection takeIdle(Origin origin, long nowNanos) {
    while (true) {
      Connection connection = poll(origin);
      if (connection == null || connection.isUsable(nowNanos)) {
        return connection;
      }
      discard(connection);
    }
  }

  private @Nullable Connection poll(Origin origin) {
    lock.lock();
    try {
      Deque<Connection> waiting = idleByOrigin.get(origin);
      Connection newest = waiting == null ? null : waiting.peekLast();
      if (newest != null) {
        forget(newest);
        inUse++;
      }
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a connection that is about to be opened, and makes room for it. */
  void opening() {
    List<Connection> evicted = new ArrayList<>();
    lock.lock();
    try {
      inUse++;
      while (inUse + idle.size() > limit && !idle.isEmpty()) {
        evicted.add(idle.getFirst());
        forget(idle.getFirst());
      }
    } finally {
      lock.unlock();
    }
    closeAll(evicted);
  }

  /** The connection could not be opened after all. */
  void notOpened() {
    lock.lock();
    try {
      inUse--;
    } finally {
      lock.unlock();
    }
  }

  /** Closes a connection that was in use. */
  void discard(Connection connection) {
    connection.close();
    notOpened();
  }

  /** Keeps a connection whose last response has been read to its end, with nothing behind it. */
  void keep(Connection connection, long nowNanos) {
    connection.idleSince(nowNanos);
    lock.lock();
    try {
      inUse--;
      if (!closed) {
        idle.add(connection);
        idleByOrigin.computeIfAbsent(connection.origin(), o -> new ArrayDeque<>()).add(connection);
        return;
      }
    } finally {
      lock.unlock();
    }
    connection.close();
  }

  /** Closes the connections that have been idle for this long. */
  void closeIdle(Duration atLeast, long nowNanos) {
    List<Connection> old = new ArrayList<>();
    lock.lock();
    try {
      while (!idle.isEmpty() && nowNanos - idle.getFirst().idleSince() >= atLeast.toNanos()) {
        old.add(idle.getFirst());
        forget(idle.getFirst());
      }
    } finally {
      lock.unlock();
    }
    closeAll(old);
  }

  /** With the lock held. */
  private void forget(Connection connection) {
    idle.remove(connection);
    Deque<Connection> sameOrigin = idleByOrigin.get(connection.origin());
    if (sameOrigin != null) {
      sameOrigin.removeLastOccurrence(connection);
      if (sameOrigin.isEmpty()) {
        idleByOrigin.remove(connection.origin());
      }
    }
  }

  private static void closeAll(List<Connection> connections) {
    connections.forEach(Connection::close);
  }

  /** Connections in use, being opened, and idle. */
  int size() {
    lock.lock();
    try {
      return idle.size() + inUse;
    } finally {
      lock.unlock();
    }
  }

  /** Closes what is idle, and from now on whatever would be kept. */
  @Override
  public void close() {
    List<Connection> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(idle);
      idle.clear();
      idleByOrigin.clear();
    } finally {
      lock.unlock();
    }
    closeAll(left);
  }
}
