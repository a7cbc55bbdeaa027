package dev.posthorn.cli;

import dev.posthorn.db.Distribution;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the tables up to date, as every start of the server does. */
@Command(
    name = "migrate",
    description = "Brings the database's tables up to date, as every start of the server does.")
final class MigrateCommand implements Callable<Integer> {
  @Mixin private Common common = new Common();
  @Mixin private Output output = new Output();

  @Option(
      names = "--distributed",
      description =
          "Spread the tables over the servers of a Citus cluster as well, by account. There is no way back.")
  private boolean distributed;

  @Override
  public Integer call() {
    return distributed ? distribute() : migrate();
  }

  private int migrate() {
    CommandDatabase.use(common.configuration(Map.of()), database -> true);
    output.print("The tables are up to date.", Map.of("migrated", true));
    return 0;
  }

  private int distribute() {
    boolean changed = CommandDatabase.useAsItIs(common.configuration(Map.of()), Distribution::run);
    output.print(
        changed
            ? "The tables are up to date and distributed by account."
            : "The tables are up to date, and were distributed already.",
        Map.of("migrated", true, "distributed", true, "changed", changed));
    return 0;
  }
}
