package dev.posthorn.benchmarks.scenario;

import dev.posthorn.benchmarks.child.Child;
import dev.posthorn.db.DatabaseAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Posthorn server under test, with the options that {@code ./posthorn} gives its Java. */
public final class ServerProcess implements AutoCloseable {
  private static final String READY = "Posthorn is ready on ";
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  private final Process process;
  private final URI url;

  private ServerProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts a server on this database and waits until it takes requests.
   *
   * @param program Java's further options, and what it is to run: {@code -jar posthorn-all.jar}
   */
  public static ServerProcess start(List<String> program, DatabaseAddress database) {
    List<String> command = new ArrayList<>(Child.java("512m"));
    command.add("-XX:+UseCompactObjectHeaders");
    command.addAll(program);
    command.addAll(List.of("serve", "--port", "0"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .putAll(
            Map.of(
                "POSTHORN_DATABASE_URL",
                database.jdbcUrl(),
                "POSTHORN_DATABASE_USER",
                database.user(),
                "POSTHORN_DATABASE_PASSWORD",
                database.password().value(),
                "POSTHORN_ENCRYPTION_KEY",
                KEY,
                "POSTHORN_EGRESS_ALLOW",
                "127.0.0.0/8",
                "POSTHORN_API_RATE_LIMIT",
                "0"));
    try {
      Process process = builder.start();
      return new ServerProcess(process, awaitReady(process.inputReader()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI awaitReady(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        Thread.ofVirtual().start(() -> output.lines().forEach(System.err::println));
        return URI.create(line.substring(READY.length()));
      }
      System.err.println(line);
    }
    throw new IllegalStateException("the server did not start");
  }

  public URI url() {
    return url;
  }

  public long pid() {
    return process.pid();
  }

  /** As kill -9 does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
