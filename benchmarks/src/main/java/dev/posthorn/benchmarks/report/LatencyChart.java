package dev.posthorn.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Percentiles as dots on a line for each scenario, from 0.1 ms to 100 s, each step ten times. */
final class LatencyChart {
  private static final int ROW = 40;
  private static final int AXIS = 24;
  private static final double LEAST = 0.1;
  private static final double DECADES = 6;

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A line.
   *
   * @param millis p50, p99 and p99.9
   */
  record Row(String label, String value, List<Double> millis) {}

  LatencyChart(String title) {
    this.title = title;
  }

  LatencyChart add(Row row) {
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String svg() {
    int height = rows.size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%d\"><title>%s</title>%n"
            .formatted(height + AXIS, Html.text(title)));
    for (String mark : List.of("1 ms", "10 ms", "100 ms", "1 s", "10 s")) {
      svg.append(grid(mark, height));
    }
    for (int number = 0; number < rows.size(); number++) {
      svg.append("<svg y=\"%d\" width=\"100%%\" height=\"%d\">".formatted(number * ROW, ROW));
      draw(svg, rows.get(number));
      svg.append("</svg>\n");
    }
    return svg.append("</svg>").toString();
  }

  private static String grid(String mark, int height) {
    String[] parts = mark.split(" ", 2);
    double millis = Double.parseDouble(parts[0]) * (parts[1].equals("s") ? 1_000 : 1);
    return "<line class=\"grid\" x1=\"%1$s\" x2=\"%1$s\" y1=\"0\" y2=\"%2$d\"/><text class=\"axis\" x=\"%1$s\" y=\"%3$d\">%4$s</text>"
        .formatted(Html.percent(at(millis)), height, height + 16, mark);
  }

  private static void draw(StringBuilder svg, Row row) {
    svg.append("<text class=\"label\" x=\"0\" y=\"14\">%s</text>".formatted(Html.text(row.label)));
    svg.append(
        "<text class=\"value\" x=\"100%%\" y=\"14\">%s</text>".formatted(Html.text(row.value)));
    svg.append(
        "<line class=\"reach\" x1=\"%s\" x2=\"%s\" y1=\"27\" y2=\"27\"/>"
            .formatted(
                Html.percent(at(row.millis.getFirst())), Html.percent(at(row.millis.getLast()))));
    for (int number = 0; number < row.millis.size(); number++) {
      svg.append(
          "<circle class=\"dot%d\" cx=\"%s\" cy=\"27\" r=\"5\"/>"
              .formatted(number + 1, Html.percent(at(row.millis.get(number)))));
    }
  }

  /** The place of a latency, as a share of the width. */
  static double at(double millis) {
    return Math.clamp(Math.log10(Math.max(millis, LEAST) / LEAST) / DECADES, 0, 1);
  }

  /** A legend for the dots. */
  static String words(List<Double> millis) {
    return String.format(
        Locale.ROOT, "%.1f · %.1f · %.0f ms", millis.get(0), millis.get(1), millis.get(2));
  }
}
