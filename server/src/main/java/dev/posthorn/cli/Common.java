package dev.posthorn.cli;

import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command. */
final class Common {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Where the embedded database and generated keys live (POSTHORN_DATA; default: ./data).")
  private @Nullable String data;

  /**
   * The configuration as the command line, the environment and the file in the current folder make
   * it.
   *
   * @param more further texts from the command line, by setting name; they win
   */
  Configuration configuration(Map<String, String> more) {
    Map<String, String> commandLine = new HashMap<>();
    if (data != null) {
      commandLine.put(Settings.DATA.name(), data);
    }
    commandLine.putAll(more);
    return Configuration.read(commandLine, System.getenv(), Path.of(""));
  }
}
