package dev.posthorn.benchmarks.load;

import dev.posthorn.benchmarks.child.Progress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One load under way.
 *
 * <p>At a fixed rate every request has its moment, whatever became of the one before, and its
 * latency counts from that moment: a server that stalls is charged for all that had to wait
 * meanwhile, also for what it answers only after the end.
 */
final class Load implements AutoCloseable {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLISECOND = 1_000_000;
  private static final long NAP = 50_000;
  private static final long LATE_ANSWERS = 5 * SECOND;

  private final LoadPlan plan;
  private final Requests requests;
  private final Progress received;
  private final long receivedBefore;
  private final Connections connections;
  private final Count count = new Count();
  private final Pace pace;
  private long lastRequest = Long.MAX_VALUE;

  Load(LoadPlan plan, InetSocketAddress server, Progress received) throws IOException {
    this.plan = plan;
    this.requests = new Requests(plan, server.getHostString() + ":" + server.getPort());
    this.received = received;
    this.receivedBefore = received.get();
    this.connections = new Connections(server, plan.connections());
    this.pace = Pace.of(plan, System.nanoTime());
  }

  void run(Consumer<LoadResult> announce) throws IOException {
    long measureFrom = System.nanoTime() + (long) (plan.warmUpSeconds() * SECOND);
    for (long now = System.nanoTime(); !isOver(now); now = System.nanoTime()) {
      if (!count.isMeasuring() && now >= measureFrom) {
        count.beginMeasuring(now);
        announce.accept(count.result(onTheirWay()));
      }
      sendWhatIsDue(now);
      readAnswers(now);
    }
    long end = System.nanoTime();
    count.endMeasuring(end);
    long left = onTheirWay();
    finish(end);
    announce.accept(count.result(left));
  }

  private boolean isOver(long now) {
    return count.isMeasuring() && count.measuredFor(now) >= plan.seconds() * SECOND;
  }

  /**
   * Sends what was due before the end and had no connection, and waits for the answers. What is
   * still missing after {@value #LATE_ANSWERS} ns has failed.
   */
  private void finish(long end) throws IOException {
    lastRequest = end;
    for (long now = end; now - end < LATE_ANSWERS && isUnfinished(now); now = System.nanoTime()) {
      sendWhatIsDue(now);
      readAnswers(now);
    }
    long now = System.nanoTime();
    for (LoadConnection connection : connections.busy()) {
      count.failed("no answer in time", now - connection.intendedAt());
    }
    while (pace.isFixed() && maySend(now)) {
      long due = pace.due(count.requests(), now);
      count.sent();
      count.failed("not sent in time: all connections waited for answers", now - due);
    }
  }

  private boolean isUnfinished(long now) {
    return !connections.allIdle() || maySend(now);
  }

  private void sendWhatIsDue(long now) throws IOException {
    while (connections.anyIdle() && maySend(now)) {
      long due = pace.due(count.requests(), now);
      LoadConnection connection = connections.take();
      count.sent();
      try {
        connection.send(requests.next(due), due);
      } catch (IOException e) {
        lost(connection, e.toString());
      }
    }
  }

  private boolean maySend(long now) {
    if (pace.isFixed()) {
      return pace.due(count.requests(), now) <= Math.min(now, lastRequest);
    }
    return now < lastRequest && (plan.window() == 0 || onTheirWay() < plan.window());
  }

  private long onTheirWay() {
    long events = count.requests() * plan.kind().events();
    return events * plan.fanOut() - (received.get() - receivedBefore);
  }

  /** Sleeps in the selector while nothing is due, but never past the next request's moment. */
  private void readAnswers(long now) throws IOException {
    Selector selector = connections.selector();
    if (mayNap(now)) {
      selector.select(1);
    } else if (selector.selectNow() == 0) {
      LockSupport.parkNanos(NAP);
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      serve((LoadConnection) key.attachment(), key);
    }
    selector.selectedKeys().clear();
  }

  private boolean mayNap(long now) {
    return !connections.anyIdle()
        || now >= lastRequest
        || pace.due(count.requests(), now) - now > 2 * MILLISECOND;
  }

  private void serve(LoadConnection connection, SelectionKey key) throws IOException {
    try {
      if (key.isWritable()) {
        connection.writeOn();
      }
      if (key.isReadable()) {
        answered(connection, connection.read());
      }
    } catch (IOException e) {
      lost(connection, e.toString());
    }
  }

  private void answered(LoadConnection connection, int status) {
    if (status == 0) {
      return;
    }
    long nanos = System.nanoTime() - connection.intendedAt();
    if (status == 201) {
      count.accepted(plan.kind().events(), nanos);
    } else {
      count.failed(connection.lastAnswer(), nanos);
    }
    connections.giveBack(connection);
  }

  /** Counts the request that was on its way, if there was one. */
  private void lost(LoadConnection connection, String why) throws IOException {
    if (connections.replace(connection)) {
      count.failed(why, System.nanoTime() - connection.intendedAt());
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
