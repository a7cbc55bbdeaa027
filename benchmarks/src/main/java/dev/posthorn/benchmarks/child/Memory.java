package dev.posthorn.benchmarks.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process has in memory, in bytes. */
public final class Memory {
  private static final long KIBIBYTE = 1024;

  private Memory() {}

  /** The most that was resident at once since it started, or since {@link #forgetPeak}. */
  public static long peak(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return kibibytes(lines, "VmHWM:");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the peak begin anew (proc(5), {@code clear_refs}). */
  public static void forgetPeak(long pid) {
    try {
      Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process and its children have; a page that several share counts once. */
  public static long ofFamily(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(first -> Stream.concat(Stream.of(first), first.children()))
        .mapToLong(process -> proportional(process.pid()))
        .sum();
  }

  /** Proportional set size; 0 of a process that has just ended. */
  private static long proportional(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return kibibytes(lines, "Pss:");
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long kibibytes(Stream<String> lines, String name) {
    return lines
            .filter(line -> line.startsWith(name))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElseThrow()
        * KIBIBYTE;
  }

  /** The objects of a Java process that are in use; collects its garbage first. */
  public static long liveHeap(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (Stream<String> lines = process.inputReader().lines()) {
        return lines
            .filter(line -> line.startsWith("Total"))
            .mapToLong(Memory::bytes)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("jcmd said nothing of process " + pid));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code Total <instances> <bytes>}. */
  static long bytes(String total) {
    return Long.parseLong(total.strip().split(" +", -1)[2]);
  }
}
