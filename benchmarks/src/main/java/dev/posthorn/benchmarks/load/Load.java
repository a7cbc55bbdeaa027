package dev.posthorn.benchmarks.load;

import dev.posthorn.benchmarks.child.Progress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * One load under way.
 *
 * <p>At a fixed rate every request has its moment, whatever became of the one before, and its
 * latency counts from that moment: a server that stalls is charged for all that had to wait
 * meanwhile.
 */
public final class Load implements AutoCloseable {
  private static final long SECOND = 1_000_000_000L;
  private static final long NAP = 50_000;

  private final LoadPlan plan;
  private final Requests requests;
  private final Progress received;
  private final long receivedBefore;
  private final Selector selector = Selector.open();
  private final List<LoadConnection> connections = new ArrayList<>();
  private final Deque<LoadConnection> idle = new ArrayDeque<>();
  private final Histogram accept = Latencies.histogram();
  private final double nanosPerRequest;
  private final long startedAt = System.nanoTime();
  private final long measureFrom;
  private boolean measuring;
  private long sent;
  private long accepted;
  private long acceptedBefore;
  private long failed;
  private String firstFailure = "";

  public Load(LoadPlan plan, InetSocketAddress server, Progress received) throws IOException {
    this.plan = plan;
    this.requests = new Requests(plan, server.getHostString() + ":" + server.getPort());
    this.received = received;
    this.receivedBefore = received.get();
    this.nanosPerRequest = plan.rate() == 0 ? 0 : SECOND * plan.kind().events() / plan.rate();
    this.measureFrom = startedAt + (long) (plan.warmUpSeconds() * SECOND);
    for (int i = 0; i < plan.connections(); i++) {
      LoadConnection connection = new LoadConnection(server, selector);
      connections.add(connection);
      idle.add(connection);
    }
  }

  public void run(Consumer<LoadResult> announce) throws IOException {
    long measuredFrom = 0;
    while (true) {
      long now = System.nanoTime();
      if (!measuring && now >= measureFrom) {
        measuring = true;
        measuredFrom = now;
        acceptedBefore = accepted;
        failed = 0;
        announce.accept(result(0));
      }
      if (isOver(now, measuredFrom)) {
        announce.accept(result((now - measuredFrom) / 1e9));
        return;
      }
      sendWhatIsDue(now);
      readAnswers(now);
    }
  }

  private boolean isOver(long now, long measuredFrom) {
    return plan.events() > 0
        ? accepted >= plan.events()
        : measuring && now - measuredFrom >= plan.seconds() * SECOND;
  }

  private LoadResult result(double seconds) {
    return new LoadResult(
        accepted - acceptedBefore, failed, seconds, Latencies.of(accept), accepted, firstFailure);
  }

  private void sendWhatIsDue(long now) throws IOException {
    while (!idle.isEmpty() && maySend(now)) {
      long intended = plan.rate() == 0 ? now : startedAt + (long) (sent * nanosPerRequest);
      idle.removeFirst().send(requests.next(intended), intended);
      sent++;
    }
  }

  private boolean maySend(long now) {
    if (plan.events() > 0 && sent * plan.kind().events() >= plan.events()) {
      return false;
    }
    if (plan.rate() > 0) {
      return startedAt + (long) (sent * nanosPerRequest) <= now;
    }
    return plan.window() == 0 || onTheirWay() < plan.window();
  }

  private long onTheirWay() {
    return sent * plan.kind().events() * plan.fanOut() - (received.get() - receivedBefore);
  }

  /** Sleeps in the selector while nothing is due, but never past the next request's moment. */
  private void readAnswers(long now) throws IOException {
    if (idle.isEmpty()) {
      selector.select(1);
    } else if (plan.rate() > 0 && untilNext(now) > 2_000_000) {
      selector.select(1);
    } else if (selector.selectNow() == 0) {
      LockSupport.parkNanos(NAP);
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      LoadConnection connection = (LoadConnection) key.attachment();
      if (key.isWritable()) {
        connection.writeOn();
      }
      if (key.isReadable()) {
        answered(connection);
      }
    }
    selector.selectedKeys().clear();
  }

  private long untilNext(long now) {
    return startedAt + (long) (sent * nanosPerRequest) - now;
  }

  private void answered(LoadConnection connection) throws IOException {
    int status = connection.read();
    if (status == 0) {
      return;
    }
    if (status == 201) {
      accepted += plan.kind().events();
    } else {
      failed++;
      firstFailure = firstFailure.isEmpty() ? connection.lastAnswer() : firstFailure;
    }
    if (measuring) {
      accept.recordValue(Math.max(0, System.nanoTime() - connection.intendedAt()));
    }
    if (status > 0) {
      idle.add(connection);
    }
  }

  @Override
  public void close() throws IOException {
    for (LoadConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
