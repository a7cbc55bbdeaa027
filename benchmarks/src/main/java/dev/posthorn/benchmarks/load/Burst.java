package dev.posthorn.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends a given number of events over kept connections, round by round: one request on each, then
 * all answers. Makes next to no garbage, so that it can run in the process whose garbage is
 * counted.
 */
public final class Burst implements AutoCloseable {
  private final LoadPlan plan;
  private final Requests requests;
  private final Selector selector = Selector.open();
  private final List<LoadConnection> connections = new ArrayList<>();

  /**
   * @param plan its kind, keys and connections count
   */
  public Burst(LoadPlan plan, InetSocketAddress server) throws IOException {
    this.plan = plan;
    this.requests = new Requests(plan, server.getHostString() + ":" + server.getPort());
    for (int i = 0; i < plan.connections(); i++) {
      connections.add(new LoadConnection(server, selector));
    }
  }

  /** Returns once all of them are accepted. */
  public void send(int events) throws IOException {
    for (int left = events / plan.kind().events(); left > 0; ) {
      int round = Math.min(left, connections.size());
      for (LoadConnection connection : connections.subList(0, round)) {
        long now = System.nanoTime();
        connection.send(requests.next(now), now);
      }
      awaitAnswers(round);
      left -= round;
    }
  }

  private void awaitAnswers(int count) throws IOException {
    for (int left = count; left > 0; ) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        left -= read((LoadConnection) key.attachment());
      }
      selector.selectedKeys().clear();
    }
  }

  private static int read(LoadConnection connection) throws IOException {
    int status = connection.read();
    if (status != 0 && status != 201) {
      throw new IOException("no 201: " + connection.lastAnswer());
    }
    return status == 0 ? 0 : 1;
  }

  @Override
  public void close() throws IOException {
    for (LoadConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
