package dev.posthorn.benchmarks.load;

import java.util.List;
import java.util.Map;

/**
 * What the receiver saw since it was last reset.
 *
 * @param groups by the first part of the path
 * @param total requests since the process was started
 */
public record Received(Map<String, Group> groups, long total) {
  /**
   * Requests to paths with one beginning.
   *
   * @param latencies from the moment in the payload to the whole request's arrival
   * @param moments when each came, in nanoseconds of the machine's monotonic clock; kept only for
   *     {@code paced}
   */
  public record Group(long count, Latencies latencies, List<Long> moments) {
    public Group {
      moments = List.copyOf(moments);
    }
  }

  /** A group, empty when nothing came. */
  public Group of(String group) {
    return groups.getOrDefault(group, new Group(0, Latencies.of(Latencies.histogram()), List.of()));
  }
}
