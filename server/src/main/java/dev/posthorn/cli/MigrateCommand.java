package dev.posthorn.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the tables up to date, as every start of the server does. */
@Command(
    name = "migrate",
    description = "Brings the database's tables up to date, as every start of the server does.")
final class MigrateCommand implements Callable<Integer> {
  @Mixin private Common common = new Common();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    CommandDatabase.use(common.configuration(Map.of()), database -> true);
    output.print("The tables are up to date.", Map.of("migrated", true));
    return 0;
  }
}
