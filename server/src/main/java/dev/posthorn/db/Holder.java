package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The process that holds a data folder, as it describes itself to those who wait.
 *
 * @param since when the process started, ISO 8601; with the pid it names one process for good
 * @param command the program and its arguments, without the JVM's own
 */
record Holder(long pid, String since, String command) {
  static Holder thisProcess() {
    ProcessHandle self = ProcessHandle.current();
    String since = self.info().startInstant().map(Object::toString).orElse("unknown");
    return new Holder(self.pid(), since, System.getProperty("sun.java.command", "java"));
  }

  /** Empty when there is none, or only half of it was written. */
  static Optional<Holder> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return Optional.of(new Holder(Long.parseLong(lines.get(0)), lines.get(1), lines.get(2)));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  String text() {
    return pid + "\n" + since + "\n" + command.replace('\n', ' ') + "\n";
  }

  @Override
  public String toString() {
    return "process %d, running since %s: %s".formatted(pid, since, command);
  }
}
