package dev.posthorn.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the server said last, before its own log was open and in it. */
final class ServerLog {
  private final PostgresHome home;

  ServerLog(PostgresHome home) {
    this.home = home;
  }

  /**
   * The last lines of both: those of its own log, then those from before that was open, which are
   * all there is when it failed early.
   */
  String tail(int lines) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> logs = Files.list(home.logs())) {
      logs.max(Comparator.comparingLong(ServerLog::changed))
          .ifPresent(log -> all.addAll(last(lines, log)));
    }
    all.addAll(last(lines, home.startLog()));
    return String.join("\n", all);
  }

  /** Whether this start ended because processes of the server before it still live. */
  boolean blamesOrphans() throws IOException {
    return Files.readString(home.startLog()).contains("pre-existing shared memory block");
  }

  private static List<String> last(int count, Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long changed(Path file) {
    return file.toFile().lastModified();
  }
}
