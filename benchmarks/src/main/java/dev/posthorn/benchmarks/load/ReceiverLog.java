package dev.posthorn.benchmarks.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What came, and what is answered. */
final class ReceiverLog {
  private static final long WINDOW = 60_000_000_000L;

  private final Map<String, Group> groups = new HashMap<>();
  private boolean flakyFails = true;
  private long total;

  /** How a request is answered. */
  enum Reply {
    OK,
    CREATED,
    FAILED,
    NOTHING
  }

  private static final class Group {
    final Histogram latencies = Latencies.histogram();
    final Map<String, Deque<Long>> moments = new HashMap<>();
    long count;
    long worstWindow;

    Received.Group report() {
      return new Received.Group(count, Latencies.of(latencies), worstWindow);
    }
  }

  /**
   * Notes a request.
   *
   * @param path without its first slash
   * @param sentAt on the machine's monotonic clock; 0 when it is not known
   */
  Reply add(String path, long sentAt) {
    long now = System.nanoTime();
    int slash = path.indexOf('/');
    String name = slash < 0 ? path : path.substring(0, slash);
    Group group = groups.computeIfAbsent(name, absent -> new Group());
    group.count++;
    total++;
    if (sentAt > 0) {
      group.latencies.recordValue(Math.max(0, now - sentAt));
    }
    return switch (name) {
      case "api" -> Reply.CREATED;
      case "fail" -> Reply.FAILED;
      case "hang" -> Reply.NOTHING;
      case "flaky" -> flakyFails ? Reply.FAILED : Reply.OK;
      case "paced" -> paced(group, path, now);
      default -> Reply.OK;
    };
  }

  private static Reply paced(Group group, String path, long now) {
    Deque<Long> moments = group.moments.computeIfAbsent(path, absent -> new ArrayDeque<>());
    moments.add(now);
    while (now - moments.getFirst() >= WINDOW) {
      moments.removeFirst();
    }
    group.worstWindow = Math.max(group.worstWindow, moments.size());
    return Reply.OK;
  }

  long total() {
    return total;
  }

  Received obey(ReceiverCommand command) {
    Received received =
        new Received(
            groups.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, group -> group.getValue().report())),
            total);
    switch (command) {
      case REPORT -> {}
      case RESET -> groups.clear();
      case FAIL -> flakyFails = true;
      case MEND -> flakyFails = false;
    }
    return received;
  }
}
