package dev.posthorn.crash;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run consists of.
 *
 * @param seed decides what happens to whom and when
 * @param report where its report goes
 */
record CrashPlan(long seed, int nodes, int accounts, List<Fault> faults, Path report) {
  private static final String KILLS = "crash.kills";
  private static final String SEED = "crash.seed";
  private static final String REPORT = "crash.report";

  /** From the system properties {@value #KILLS}, {@value #SEED} and {@value #REPORT}. */
  static CrashPlan ofProperties() {
    long seed = Long.getLong(SEED, System.nanoTime() % 1_000_000);
    int nodes = 3;
    List<Fault> faults = Fault.sequence(seed, Integer.getInteger(KILLS, 50), nodes);
    Path report = Path.of(System.getProperty(REPORT, "target/crash-report.md"));
    return new CrashPlan(seed, nodes, 3, faults, report);
  }

  /** The command that does the same again. */
  String command() {
    return "./mvnw verify -Pcrash -D%s=%d -D%s=%d".formatted(KILLS, kills(), SEED, seed);
  }

  long kills() {
    return faults.stream().filter(fault -> fault.kind() == Fault.Kind.KILL).count();
  }
}
