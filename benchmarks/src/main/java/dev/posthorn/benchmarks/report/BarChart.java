package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Horizontal bars under each other, as SVG. Widths are shares and letters keep their size, so that
 * one drawing fits a telephone and a desk.
 */
final class BarChart {
  private static final int ROW = 46;
  private static final int BAR_AT = 22;
  private static final int BAR = 12;

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A bar.
   *
   * @param parts beside each other; the first in the first colour
   * @param value in words
   * @param range from the least to the most of the runs
   * @param goal what has to be reached, or not passed
   */
  record Row(
      String label,
      String value,
      List<Double> parts,
      Optional<Summary> range,
      Optional<Double> goal) {
    double most() {
      double sum = parts.stream().mapToDouble(Double::doubleValue).sum();
      return Math.max(Math.max(sum, goal.orElse(0.0)), range.map(Summary::most).orElse(0.0));
    }
  }

  BarChart(String title) {
    this.title = title;
  }

  BarChart add(Row row) {
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String svg() {
    double scale = 1.02 * rows.stream().mapToDouble(Row::most).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%d\"><title>%s</title>%n"
            .formatted(rows.size() * ROW, Html.text(title)));
    for (int number = 0; number < rows.size(); number++) {
      svg.append("<svg y=\"%d\" width=\"100%%\" height=\"%d\">".formatted(number * ROW, ROW));
      draw(svg, rows.get(number), scale);
      svg.append("</svg>\n");
    }
    return svg.append("</svg>").toString();
  }

  private static void draw(StringBuilder svg, Row row, double scale) {
    svg.append("<text class=\"label\" x=\"0\" y=\"15\">%s</text>".formatted(Html.text(row.label)));
    svg.append(
        "<text class=\"value\" x=\"100%%\" y=\"15\">%s</text>".formatted(Html.text(row.value)));
    svg.append(rect("track", 0, 1));
    double from = 0;
    for (int part = 0; part < row.parts.size(); part++) {
      double width = row.parts.get(part) / scale;
      svg.append(rect("part" + (part + 1), from, width));
      from += width;
    }
    row.range.ifPresent(range -> svg.append(whisker(range.least() / scale, range.most() / scale)));
    row.goal.ifPresent(goal -> svg.append(line("goal", goal / scale, 3)));
  }

  private static String rect(String cssClass, double from, double width) {
    return "<rect class=\"%s\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\"/>"
        .formatted(cssClass, Html.percent(from), BAR_AT, Html.percent(width), BAR);
  }

  private static String whisker(double from, double to) {
    int middle = BAR_AT + BAR / 2;
    String across =
        "<line class=\"range\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(Html.percent(from), Html.percent(to), middle, middle);
    return across + line("range", from, -3) + line("range", to, -3);
  }

  /** Upright, as high as the bar and so much more at both ends. */
  private static String line(String cssClass, double at, int more) {
    return "<line class=\"%s\" x1=\"%2$s\" x2=\"%2$s\" y1=\"%3$d\" y2=\"%4$d\"/>"
        .formatted(cssClass, Html.percent(at), BAR_AT - more, BAR_AT + BAR + more);
  }
}
