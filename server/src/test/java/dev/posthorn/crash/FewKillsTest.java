package dev.posthorn.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crash.Fault.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The long run's short form: two kills, and the database stopped between them. */
final class FewKillsTest {
  private static final List<Fault> FAULTS =
      List.of(
          fault(Kind.KILL, 0, Duration.ofSeconds(5)),
          fault(Kind.DATABASE_CRASH, 0, Duration.ZERO),
          fault(Kind.KILL, 1, Duration.ofSeconds(9)));

  @Test
  void everyPromiseIsKeptThoughNodesAreKilledAndTheDatabaseCrashes() {
    CrashPlan plan = new CrashPlan(1, 2, 1, FAULTS, Path.of("target/few-kills-report.md"));
    try (CrashRun run = new CrashRun(plan)) {
      Report report = run.run();
      report.write();
      assertThat(report.findings())
          .allSatisfy(finding -> assertThat(finding.broken()).as(finding.promise()).isEmpty());
    }
  }

  private static Fault fault(Kind kind, int node, Duration length) {
    return new Fault(kind, node, length, Duration.ofMillis(500));
  }
}
