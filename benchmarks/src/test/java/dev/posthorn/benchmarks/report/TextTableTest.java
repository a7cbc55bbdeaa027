package dev.posthorn.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    String text = new TextTable().row("name", "/s").row("a", "12,000").row("long name", "").text();

    assertThat(text)
        .isEqualTo(
            """
            name           /s
            a          12,000
            long name
            """);
  }
}
