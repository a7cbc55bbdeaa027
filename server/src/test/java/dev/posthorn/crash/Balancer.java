package dev.posthorn.crash;

import dev.posthorn.system.Api;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers behind a load balancer: it asks each node whether it is ready, sends requests only to
 * those that are, and tries the next one when a node takes no connection. Anything else that goes
 * wrong reaches the caller.
 */
final class Balancer implements AutoCloseable {
  private static final long BETWEEN_CHECKS_NANOS = 50_000_000;
  private static final long BETWEEN_CALLS_NANOS = 10_000_000;
  private static final long FIRST_NUMBER = 1_000_000;

  private final List<Node> nodes;
  private final List<Api> apis;
  private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong(FIRST_NUMBER);
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  Balancer(List<Node> nodes, Customer customer) {
    this.nodes = nodes;
    this.apis = nodes.stream().map(node -> node.api(customer.key())).toList();
  }

  /** Starts callers that publish until they are stopped. */
  void start(int callers) {
    for (int index = 0; index < nodes.size(); index++) {
      int checked = index;
      Api health = nodes.get(index).api("");
      threads.add(Thread.startVirtualThread(() -> checkUntilStopped(checked, health)));
    }
    for (int caller = 0; caller < callers; caller++) {
      int first = caller;
      threads.add(Thread.startVirtualThread(() -> callUntilStopped(first)));
    }
  }

  /** Keys of events that were answered with 201. */
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** What callers got instead. */
  List<String> failures() {
    return new ArrayList<>(failures);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }

  private void checkUntilStopped(int index, Api health) {
    while (!stopped) {
      if (isReady(health)) {
        ready.add(index);
      } else {
        ready.remove(index);
      }
      LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
    }
  }

  private static boolean isReady(Api health) {
    try {
      return health.statusOf("/health/ready") == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void callUntilStopped(int first) {
    for (int turn = first; !stopped; turn++) {
      long number = numbers.incrementAndGet();
      try {
        publish(turn, number);
      } catch (IOException e) {
        failures.add(number + ": " + e);
      }
      LockSupport.parkNanos(BETWEEN_CALLS_NANOS);
    }
  }

  private void publish(int turn, long number) throws IOException {
    String event =
        "{\"event\":{\"type\":\"%s\",\"payload\":{\"number\":%d}}}".formatted(Load.OFTEN, number);
    while (!stopped) {
      List<Integer> choice = ready.stream().sorted().toList();
      if (!choice.isEmpty()) {
        int node = choice.get(turn % choice.size());
        try {
          note(number, apis.get(node).post("/events", event));
          return;
        } catch (ConnectException e) {
          ready.remove(node);
        }
      }
      LockSupport.parkNanos(BETWEEN_CALLS_NANOS);
    }
  }

  private void note(long number, Api.Reply reply) {
    if (reply.status() == 201) {
      acknowledged.add(Publication.numbered(number));
    } else {
      failures.add(number + ": " + reply);
    }
  }
}
