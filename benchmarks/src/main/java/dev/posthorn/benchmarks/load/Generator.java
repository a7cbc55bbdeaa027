package dev.posthorn.benchmarks.load;

import dev.posthorn.benchmarks.child.Commands;
import dev.posthorn.benchmarks.child.Progress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The load generator's process: carries out a {@link LoadPlan} a command, with a {@link LoadResult}
 * when the measuring begins and another when it ends.
 *
 * <p>Usage: {@code Generator <host> <port> <file of the receiver's progress>}.
 */
public final class Generator {
  private Generator() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    Progress received = Progress.at(Path.of(args[2]));
    Commands commands = Commands.listen();
    while (true) {
      LoadPlan plan = commands.take(LoadPlan.class);
      try (Load load = new Load(plan, server, received)) {
        load.run(Commands::answer);
      }
    }
  }
}
