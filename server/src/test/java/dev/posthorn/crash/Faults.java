package dev.posthorn.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Does things to a cluster, and notes when, and whose work they hit. */
final class Faults {
  private static final Set<Integer> ALL_SHARDS =
      IntStream.range(0, 256).boxed().collect(Collectors.toSet());

  private final Cluster cluster;
  private final List<Done> done = new ArrayList<>();

  Faults(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * A fault that took place.
   *
   * @param shards that the node owned when it was hit
   * @param beganNanos on {@link System#nanoTime}
   * @param endedNanos when all was well again, as far as what was done is concerned
   */
  record Done(Fault fault, Set<Integer> shards, long beganNanos, long endedNanos) {}

  List<Done> done() {
    return List.copyOf(done);
  }

  /** Returns when every node says that it can work, and has rested. */
  void cause(Fault fault) {
    Node node = cluster.node(fault.node());
    Set<Integer> shards = hit(fault, node);
    long began = System.nanoTime();
    switch (fault.kind()) {
      case KILL -> kill(node, fault);
      case FREEZE -> freeze(node, fault);
      case CUT -> {
        node.link().cut();
        last(fault.length());
        node.link().mend();
      }
      case SILENCE -> {
        node.link().silence();
        last(fault.length());
        node.link().mend();
      }
      case DATABASE_CRASH -> cluster.database().crash();
      case ROLLING_RESTART -> restartAll(fault.node());
    }
    cluster.nodes().forEach(Node::awaitReady);
    done.add(new Done(fault, shards, began, System.nanoTime()));
    last(fault.rest());
  }

  private Set<Integer> hit(Fault fault, Node node) {
    return switch (fault.kind()) {
      case DATABASE_CRASH, ROLLING_RESTART -> ALL_SHARDS;
      case KILL, FREEZE, CUT, SILENCE -> new HashSet<>(cluster.shardsOf(node));
    };
  }

  /** Some come back at once, before anybody has missed them; others after they were replaced. */
  private static void kill(Node node, Fault fault) {
    node.kill();
    last(fault.length().minusSeconds(5));
    node.launch();
    node.awaitStarted();
  }

  private static void freeze(Node node, Fault fault) {
    node.freeze();
    last(fault.length());
    node.thaw();
  }

  private void restartAll(int first) {
    int size = cluster.nodes().size();
    for (int i = 0; i < size; i++) {
      Node node = cluster.node((first + i) % size);
      node.stop();
      node.launch();
      node.awaitStarted();
      node.awaitReady();
    }
  }

  private static void last(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
