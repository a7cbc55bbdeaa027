package dev.posthorn.cli;

import dev.posthorn.Server;
import dev.posthorn.config.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the server until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the server until it is told to stop (SIGTERM or Ctrl-C).")
final class ServeCommand implements Callable<Integer> {
  @Mixin private Common common = new Common();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where to listen (POSTHORN_HOST; default: 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 takes a free one (POSTHORN_PORT; default: 8080).")
  private @Nullable String port;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> given = new HashMap<>();
    if (host != null) {
      given.put(Settings.HOST.name(), host);
    }
    if (port != null) {
      given.put(Settings.PORT.name(), port);
    }
    Server server = Server.start(common.configuration(given));
    Termination termination = Termination.closing(server);
    System.out.println("Posthorn is ready on " + server.localUrl());
    termination.await();
    return 0;
  }
}
