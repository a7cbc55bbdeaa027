package dev.posthorn.benchmarks.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What came, and what is answered. */
final class ReceiverLog {
  private final Map<String, Group> groups = new HashMap<>();
  private Reply ofFlaky = Reply.OK;
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
    final List<Long> moments = new ArrayList<>();
    long count;

    Received.Group report() {
      return new Received.Group(count, Latencies.of(latencies), moments);
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
      group.latencies.recordValue(Latencies.inRange(now - sentAt));
    }
    return switch (name) {
      case "api" -> Reply.CREATED;
      case "flaky" -> ofFlaky;
      case "paced" -> {
        group.moments.add(now);
        yield Reply.OK;
      }
      default -> Reply.OK;
    };
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
      case HANG -> ofFlaky = Reply.NOTHING;
      case FAIL -> ofFlaky = Reply.FAILED;
      case MEND -> ofFlaky = Reply.OK;
    }
    return received;
  }
}
