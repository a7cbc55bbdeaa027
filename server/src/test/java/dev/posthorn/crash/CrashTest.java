package dev.posthorn.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The long run, by {@code ./mvnw verify -Pcrash}: fifty kills unless told otherwise. */
@Tag("crash")
final class CrashTest {
  @Test
  void everyPromiseIsKeptWhateverHappensToTheProcesses() {
    CrashPlan plan = CrashPlan.ofProperties();
    System.out.println("The same again: " + plan.command());
    try (CrashRun run = new CrashRun(plan)) {
      Report report = run.run();
      report.write();
      assertThat(report.findings())
          .as("seed %d, see %s", plan.seed(), plan.report())
          .allSatisfy(finding -> assertThat(finding.broken()).as(finding.promise()).isEmpty());
    }
  }
}
