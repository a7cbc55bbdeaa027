package dev.posthorn.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A fixed number of connections: each is idle, or has one request on its way. */
final class Connections implements AutoCloseable {
  private final InetSocketAddress server;
  private final Selector selector = Selector.open();
  private final Set<LoadConnection> all = new HashSet<>();
  private final Deque<LoadConnection> idle = new ArrayDeque<>();

  Connections(InetSocketAddress server, int count) throws IOException {
    this.server = server;
    for (int i = 0; i < count; i++) {
      connect();
    }
  }

  private void connect() throws IOException {
    LoadConnection connection = new LoadConnection(server, selector);
    all.add(connection);
    idle.add(connection);
  }

  Selector selector() {
    return selector;
  }

  boolean anyIdle() {
    return !idle.isEmpty();
  }

  boolean allIdle() {
    return idle.size() == all.size();
  }

  /** Those with a request on its way. */
  List<LoadConnection> busy() {
    return all.stream().filter(connection -> !idle.contains(connection)).toList();
  }

  /** The one that has been idle longest; no longer is. */
  LoadConnection take() {
    return idle.removeFirst();
  }

  /** Its request is answered. */
  void giveBack(LoadConnection connection) {
    idle.add(connection);
  }

  /** Puts a new one in the place of one that was cut; returns whether a request was on its way. */
  boolean replace(LoadConnection cut) throws IOException {
    boolean busy = !idle.remove(cut);
    all.remove(cut);
    cut.close();
    connect();
    return busy;
  }

  @Override
  public void close() throws IOException {
    for (LoadConnection connection : all) {
      connection.close();
    }
    selector.close();
  }
}
