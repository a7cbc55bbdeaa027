package dev.posthorn.benchmarks.whole;

import dev.posthorn.benchmarks.figure.Results;
import dev.posthorn.benchmarks.report.Report;
import dev.posthorn.benchmarks.report.Tables;
import dev.posthorn.benchmarks.scenario.Effort;
import dev.posthorn.benchmarks.scenario.Scenario;
import dev.posthorn.benchmarks.scenario.ServerProcess;
import dev.posthorn.benchmarks.scenario.World;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark's command line. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures Posthorn on this machine and writes a report.")
public final class BenchmarkCommand implements Callable<Integer> {
  @Option(
      names = "--scenarios",
      split = ",",
      paramLabel = "NAME",
      description = "Only these, with commas between; default: all. See --list.")
  private List<String> names = List.of();

  @Option(
      names = "--runs",
      description = "How often all of it is measured (default: ${DEFAULT-VALUE}); medians count.")
  private int runs = 5;

  @Option(
      names = "--quick",
      description = "Short and small: shows that everything works, and measures nothing.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where results.json and results.html go (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("benchmarks/target/results");

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Where a fresh folder for the database is made, and deleted in the end; on a disk, or"
              + " durability costs nothing (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("benchmarks/target/data");

  @Option(names = "--list", description = "Shows the scenarios.")
  private boolean list;

  @Option(names = "--posthorn", hidden = true, split = " ", description = "What starts the server.")
  private List<String> posthorn = List.of("./posthorn");

  private final PrintStream console = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) {
    CommandLine line = new CommandLine(new BenchmarkCommand());
    line.setOverwrittenOptionsAllowed(
        true); // the script gives folders, which the caller may change
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      console.println(Scenarios.list());
      return 0;
    }
    List<Scenario> scenarios = Scenarios.named(names);
    Files.createDirectories(out);
    ServerProcess.Program program =
        new ServerProcess.Program(posthorn, out.resolve("server.log").toAbsolutePath());
    try (OpenThings things = new OpenThings()) {
      FreshFolder folder = things.open(() -> FreshFolder.in(data));
      World world = things.open(() -> World.start(program, folder.path()));
      Results results = measure(scenarios, world, Machine.describe(world, folder.path()));
      console.println(Tables.text(results, Machine.cores()));
      return results.failures().isEmpty() ? 0 : 1;
    }
  }

  /**
   * All scenarios, then all of them again: what another user of the machine does for a minute then
   * spoils one run of a scenario and not all of them. The report is written after each run that was
   * not interrupted, so that what is measured is kept whatever happens to the next one.
   */
  private Results measure(List<Scenario> scenarios, World world, Map<String, String> setting)
      throws IOException {
    console.println(Tables.facts(setting));
    Session session = new Session(world, quick ? Effort.QUICK : Effort.FULL, console);
    Results results = new Results(setting, quick, session.runs(), session.failures());
    for (int number = 1; number <= runs && !world.isClosed(); number++) {
      console.printf("%nRun %d of %d%n", number, runs);
      session.run(scenarios);
      if (!world.isClosed()) {
        console.println("The report: " + Report.write(results, Machine.cores(), out));
      }
    }
    return results;
  }
}
