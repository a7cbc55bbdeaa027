package dev.posthorn.benchmarks.whole;

import dev.posthorn.benchmarks.scenario.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where, of what and when: what a reader has to know to compare. */
final class Machine {
  private Machine() {}

  /**
   * Names and values, in the order in which they are shown.
   *
   * @param data where the database's files are
   */
  static Map<String, String> describe(World world, Path data) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("when", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    facts.put("commit", System.getProperty("posthorn.commit", "unknown"));
    facts.put("processor", first("/proc/cpuinfo", "model name"));
    facts.put("cores", Integer.toString(cores()));
    facts.put("memory", first("/proc/meminfo", "MemTotal"));
    facts.put("load before", line("/proc/loadavg"));
    facts.put("system", "Linux " + line("/proc/sys/kernel/osrelease"));
    facts.put("disk", disk(data));
    facts.put("Java", Runtime.version().toString());
    facts.put("Java options", System.getProperty("posthorn.flags", "defaults"));
    facts.put("PostgreSQL", world.storage().one("SHOW server_version"));
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      facts.put(setting, world.storage().one("SHOW " + setting));
    }
    return facts;
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String disk(Path data) {
    try {
      return Files.getFileStore(data.resolve("postgres").toRealPath()).type();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String first(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
