package dev.posthorn.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.figure.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
  @TempDir private Path folder;

  @Test
  void needsNothingButItself() throws IOException {
    String page = page(results(false));

    assertThat(page).doesNotContain("{{").doesNotContain("<script").doesNotContain("src=");
    assertThat(page).doesNotContainPattern("href=|url\\(|@import");
  }

  @Test
  void showsWhatWasMeasuredAndWhetherItIsEnough() throws IOException {
    String page = page(results(false));

    assertThat(page).contains("12,345 /s", "✓ met", "1 of 14 budgets met");
  }

  @Test
  void aQuickRunMeetsNothing() throws IOException {
    String page = page(results(true));

    assertThat(page).contains("0 of 14 budgets met", "measures nothing").doesNotContain("✓");
  }

  @Test
  void escapesWhatOthersWrote() throws IOException {
    assertThat(page(results(false))).contains("a &lt;b&gt; &amp; c").doesNotContain("<b>");
  }

  @Test
  void theFileForProgramsHasEveryFigure() throws IOException {
    page(results(false));

    JsonNode json = new ObjectMapper().readTree(folder.resolve("results.json").toFile());

    assertThat(json.at("/scenarios/opportunities/settled/median").asDouble()).isEqualTo(12_345);
    assertThat(json.at("/runs/0/opportunities/settled").asDouble()).isEqualTo(12_345);
    assertThat(json.at("/budgets/3/verdict").asText()).isEqualTo("met");
  }

  private String page(Results results) throws IOException {
    return Files.readString(Report.write(results, 2, folder));
  }

  private static Results results(boolean quick) {
    Run run = new Run();
    run.add(
        "opportunities",
        Figures.NONE
            .with(Quantity.SETTLED, 12_345.0)
            .with(Quantity.BACKLOG, 10)
            .with(Quantity.CPU, 100.0)
            .with(Quantity.RECEIVE_P50, 1.0)
            .with(Quantity.RECEIVE_P99, 2.0)
            .with(Quantity.RECEIVE_P999, 3.0));
    return new Results(Map.of("processor", "a <b> & c"), quick, List.of(run), List.of());
  }
}
