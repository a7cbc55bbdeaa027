package dev.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A Posthorn in a process of its own, started from the classes under test as {@code ./posthorn}
 * starts the jar.
 */
final class PosthornProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READY = "Posthorn is ready on ";

  private final Process process;
  private final Thread reader;
  private final List<String> output = new CopyOnWriteArrayList<>();

  private PosthornProcess(Process process) {
    this.process = process;
    this.reader =
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(output::add));
  }

  /** Starts a command that stays; it reads settings from {@code environment}. */
  static PosthornProcess start(Map<String, String> environment, String... arguments) {
    return new PosthornProcess(launch(environment, arguments));
  }

  /** Starts a server that may reach loopback, and waits until it takes requests. */
  static PosthornProcess serve(Path data, int port) {
    Map<String, String> environment =
        Map.of("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8", "POSTHORN_API_RATE_LIMIT", "0");
    PosthornProcess server =
        start(environment, "serve", "--data", data.toString(), "--port", Integer.toString(port));
    server.awaitReady();
    return server;
  }

  /**
   * Runs a command to its end.
   *
   * @return what it printed, standard error included
   */
  static Finished run(String... arguments) {
    try (PosthornProcess command = start(Map.of(), arguments)) {
      int exitCode = command.awaitExit();
      return new Finished(exitCode, command.text());
    }
  }

  /** How a command ended. */
  record Finished(int exitCode, String output) {
    Finished successful() {
      assertThat(exitCode).as(output).isZero();
      return this;
    }
  }

  URI awaitReady() {
    return URI.create(awaitLine(line -> line.startsWith(READY)).substring(READY.length()));
  }

  /** The first line that matches; waits for it, but not longer than the process lives. */
  String awaitLine(Predicate<String> matches) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || output.stream().anyMatch(matches));
    assertThat(output).as("what it printed").anyMatch(matches);
    return output.stream().filter(matches).findFirst().orElseThrow();
  }

  long count(Predicate<String> matches) {
    return output.stream().filter(matches).count();
  }

  String text() {
    return String.join("\n", output);
  }

  /** As {@code kill -9} does: nothing in it gets to run any more. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** As {@code kill} does, and waits. */
  int stop() {
    process.destroy();
    return awaitExit();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  private int awaitExit() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("the process ends")
          .isTrue();
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Process launch(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTHORN_"));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
