package dev.posthorn.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Small pieces of HTML and SVG. */
final class Html {
  private Html() {}

  /** Text as content or as a quoted attribute's value. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String element(String name, String cssClass, String content) {
    return "<%s class=\"%s\">%s</%s>".formatted(name, cssClass, content, name);
  }

  /** A share of the width, as SVG takes it. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }

  /**
   * A table of text that scrolls on its own where the page is narrow; the first row is the head.
   */
  static String table(List<List<String>> rows) {
    String head = cells("th", rows.getFirst());
    String body =
        rows.stream()
            .skip(1)
            .map(row -> "<tr>" + cells("td", row) + "</tr>")
            .collect(Collectors.joining("\n"));
    return "<div class=\"scroll\"><table><thead><tr>%s</tr></thead>%n<tbody>%s</tbody></table></div>"
        .formatted(head, body);
  }

  private static String cells(String name, List<String> row) {
    return row.stream()
        .map(cell -> "<%s>%s</%s>".formatted(name, text(cell), name))
        .collect(Collectors.joining());
  }
}
