package dev.posthorn;

import dev.posthorn.cli.PosthornCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The command line's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install(); // Helidon and pgjdbc log by java.util.logging
    System.exit(PosthornCommand.run(args));
  }
}
