package dev.posthorn.benchmarks.load;

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
   * @param worstWindow the most requests that one path had in any 60 s, kept only for {@code paced}
   */
  public record Group(long count, Latencies latencies, long worstWindow) {}

  /** A group, empty when nothing came. */
  public Group of(String group) {
    return groups.getOrDefault(group, new Group(0, Latencies.of(Latencies.histogram()), 0));
  }
}
