package dev.posthorn.benchmarks.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes have used of the processors, as Linux counts it (proc(5), {@code
 * /proc/<pid>/stat}), in steps of 10 ms.
 */
public final class CpuTime {
  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux of ours

  private CpuTime() {}

  /** User and system time of one process. */
  public static Duration of(long pid) {
    List<Long> times = times(pid);
    return ticks(times.get(0) + times.get(1));
  }

  /**
   * Of a process, its children, and those of its children that have ended: what a PostgreSQL server
   * costs, given its first process.
   */
  public static Duration ofFamily(long pid) {
    long ticks = times(pid).stream().mapToLong(Long::longValue).sum();
    List<Long> children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::children)
            .map(ProcessHandle::pid)
            .toList();
    for (long child : children) {
      ticks += times(child).stream().mapToLong(Long::longValue).sum();
    }
    return ticks(ticks);
  }

  /** Of the whole machine: everything but idling and waiting for disks, what is stolen included. */
  public static Duration ofMachine() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] fields = lines.findFirst().orElseThrow().split(" +", -1);
      return ticks(
          Stream.of(1, 2, 3, 6, 7, 8).mapToLong(field -> Long.parseLong(fields[field])).sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** User and system time, then those of ended children. */
  private static List<Long> times(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Stream.of(11, 12, 13, 14).map(field -> Long.parseLong(fields[field])).toList();
    } catch (NoSuchFileException e) {
      return List.of(0L, 0L, 0L, 0L); // it ended: its parent has its times now
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration ticks(long ticks) {
    return Duration.ofMillis(ticks * MILLIS_PER_TICK);
  }
}
