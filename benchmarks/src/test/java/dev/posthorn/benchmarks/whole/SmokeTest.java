package dev.posthorn.benchmarks.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.Main;
import dev.posthorn.benchmarks.figure.Figures;
import dev.posthorn.benchmarks.figure.Quantity;
import dev.posthorn.benchmarks.scenario.Effort;
import dev.posthorn.benchmarks.scenario.ServerProcess;
import dev.posthorn.benchmarks.scenario.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All processes together, for a second or two. */
final class SmokeTest {
  private static final Effort SHORT = new Effort(0.05, 0.01);

  @TempDir private Path folder;

  @Test
  void deliversWhatItIsLoadedWithAndCountsIt() throws IOException {
    try (FreshFolder data = FreshFolder.in(folder);
        World world = World.start(program(), data.path())) {
      PrintStream console =
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      Session session = new Session(world, SHORT, console);

      session.run(Scenarios.named(List.of("single")));

      assertThat(session.failures()).isEmpty();
      Figures single = session.runs().getFirst().of("single");
      assertThat(single.get(Quantity.REQUESTS).orElseThrow()).isPositive();
      assertThat(single.all())
          .containsKeys(Quantity.ACCEPTED, Quantity.RECEIVE_P999, Quantity.CPU, Quantity.WAL);
      assertThat(single.get(Quantity.SETTLED).orElseThrow()).isPositive();
      assertThat(single.get(Quantity.LIVE_HEAP).orElseThrow()).isPositive();
    }
  }

  /** From class files, as there may be no jar yet. */
  private ServerProcess.Program program() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ServerProcess.Program(
        List.of(
            java,
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()),
        folder.resolve("server.log"));
  }
}
