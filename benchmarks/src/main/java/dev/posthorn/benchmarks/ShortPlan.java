package dev.posthorn.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plan without the repetition of partitions: of the nodes that scan one partition each beneath
 * one parent, the one with the most rows is shown, and how many others there are.
 */
final class ShortPlan {
  private static final Pattern PARTITION_NODE =
      Pattern.compile("^( *)->  .* on [a-z_]+_\\d{4}_\\d{2}_\\d{2}( .*)?$");
  private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

  private ShortPlan() {}

  /** Lines that belong together: a node of a partition with what is said of it. */
  private record Node(int indent, List<String> lines) {
    boolean isExecuted() {
      return !lines.getFirst().contains("never executed");
    }

    long rows() {
      Matcher rows = ROWS.matcher(lines.getFirst());
      return rows.find() ? Long.parseLong(rows.group(1)) : -1;
    }
  }

  static String of(String plan) {
    List<String> lines = plan.lines().toList();
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < lines.size()) {
      List<Node> nodes = partitionNodes(lines, at);
      if (nodes.isEmpty()) {
        shown.append(lines.get(at++)).append('\n');
      } else {
        append(shown, nodes);
        at += nodes.stream().mapToInt(node -> node.lines().size()).sum();
      }
    }
    return shown.toString();
  }

  private static List<Node> partitionNodes(List<String> lines, int start) {
    List<Node> nodes = new ArrayList<>();
    int at = start;
    while (at < lines.size()) {
      Matcher first = PARTITION_NODE.matcher(lines.get(at));
      if (!first.matches()
          || (!nodes.isEmpty() && nodes.getFirst().indent() != first.group(1).length())) {
        return nodes;
      }
      int end = at + 1;
      while (end < lines.size() && indent(lines.get(end)) > first.group(1).length()) {
        end++;
      }
      nodes.add(new Node(first.group(1).length(), lines.subList(at, end)));
      at = end;
    }
    return nodes;
  }

  private static void append(StringBuilder shown, List<Node> nodes) {
    Node most = nodes.getFirst();
    for (Node node : nodes) {
      most = node.rows() > most.rows() ? node : most;
    }
    most.lines().forEach(line -> shown.append(line).append('\n'));
    if (nodes.size() > 1) {
      long executed = nodes.stream().filter(Node::isExecuted).count() - (most.isExecuted() ? 1 : 0);
      shown
          .append(" ".repeat(most.indent()))
          .append(
              "->  (and %d other partitions, %d of them read)%n"
                  .formatted(nodes.size() - 1, executed));
    }
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
