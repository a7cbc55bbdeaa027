package dev.posthorn.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.posthorn.benchmarks.figure.Results;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The files that a benchmark leaves. */
public final class Report {
  private Report() {}

  /**
   * Writes {@code results.json} and {@code results.html}.
   *
   * @param cores of the machine, for its limits
   * @return the page
   */
  public static Path write(Results results, int cores, Path folder) throws IOException {
    Files.writeString(folder.resolve("results.json"), ResultsJson.text(results));
    Path page = folder.resolve("results.html");
    return Files.writeString(page, new Page(results, cores).html(template()));
  }

  private static String template() throws IOException {
    try (InputStream file = Report.class.getResourceAsStream("report.html")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }
}
