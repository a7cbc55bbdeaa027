package dev.posthorn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command tells its result: for people, or with {@code --json} for scripts. */
final class Output {
  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  /**
   * Prints a result.
   *
   * @param text for people
   * @param object for scripts, in the order of its fields
   */
  void print(String text, Map<String, ?> object) {
    System.out.println(json ? json(object) : text);
  }

  private static String json(Map<String, ?> object) {
    try {
      return new ObjectMapper().writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
