package dev.posthorn.benchmarks.scenario;

import dev.posthorn.db.DatabaseAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A Posthorn server under test. */
public final class ServerProcess implements AutoCloseable {
  private static final String READY = "Posthorn is ready on ";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  private final Process process;
  private final URI url;

  private ServerProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * How servers are started.
   *
   * @param command what is run, before {@code serve}: {@code ./posthorn}, which becomes the server
   * @param log where the server's own log is added to
   */
  public record Program(List<String> command, Path log) {
    public Program {
      command = List.copyOf(command);
    }
  }

  /**
   * Starts a server on this database and waits until it takes requests.
   *
   * @param settings {@code POSTHORN_} variables beside those that a benchmark needs
   */
  static ServerProcess start(
      Program program, DatabaseAddress database, Map<String, String> settings) {
    List<String> command = new ArrayList<>(program.command());
    command.addAll(List.of("serve", "--port", "0"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("POSTHORN_"));
    environment.putAll(usual(database));
    environment.putAll(settings);
    try {
      Process process = builder.start();
      try {
        return new ServerProcess(process, awaitReady(process, program.log()));
      } catch (RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> usual(DatabaseAddress database) {
    return Map.of(
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
        "0");
  }

  private static URI awaitReady(Process process, Path log) {
    return CompletableFuture.supplyAsync(() -> addressIn(process.inputReader()))
        .completeOnTimeout(Optional.empty(), PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join()
        .orElseThrow(() -> new IllegalStateException("the server did not start: see " + log));
  }

  private static Optional<URI> addressIn(BufferedReader output) {
    return output
        .lines()
        .filter(line -> line.startsWith(READY))
        .map(line -> URI.create(line.substring(READY.length())))
        .findFirst();
  }

  public URI url() {
    return url;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
