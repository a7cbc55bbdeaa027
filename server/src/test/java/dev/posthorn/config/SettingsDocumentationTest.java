package dev.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} lists every setting as it is, in the same order. */
final class SettingsDocumentationTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  @Test
  void theTableIsThatOfTheCode() throws IOException {
    List<String> documented =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(documented)
        .containsExactlyElementsOf(
            Settings.ALL.stream().map(SettingsDocumentationTest::row).toList());
  }

  private static String row(Setting<?> setting) {
    String standard = setting.defaultText().isEmpty() ? "unset" : "`" + setting.defaultText() + "`";
    return "| `%s` | `%s` | %s | %s | %s |"
        .formatted(setting.name(), setting.variable(), standard, setting.form(), setting.does());
  }
}
