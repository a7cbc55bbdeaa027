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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A Posthorn in a process of its own, started from the classes under test as {@code ./posthorn}
 * starts the jar.
 */
public final class PosthornProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READY = "Posthorn is ready on ";

  private final Process process;
  private final Thread reader;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();

  private PosthornProcess(Process process) {
    this.process = process;
    this.reader =
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(output::add));
  }

  /** Starts a command that stays; it reads settings from {@code environment}. */
  public static PosthornProcess start(Map<String, String> environment, String... arguments) {
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

  /** Runs a command to its end. */
  static Finished run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /** Runs a command to its end; it reads settings from {@code environment}. */
  public static Finished run(Map<String, String> environment, String... arguments) {
    try (PosthornProcess command = start(environment, arguments)) {
      int exitCode = command.awaitExit();
      return new Finished(exitCode, command.text());
    }
  }

  /**
   * How a command ended.
   *
   * @param output what it printed, standard error included
   */
  public record Finished(int exitCode, String output) {
    public Finished successful() {
      assertThat(exitCode).as(output).isZero();
      return this;
    }
  }

  /** Waits until it takes requests; returns where. */
  public URI awaitReady() {
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

  /** All that it has printed. */
  public String text() {
    return String.join("\n", output);
  }

  /** As {@code kill -9} does: nothing in it gets to run any more. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** As {@code kill -STOP} does: it stands still, and its connections stay open. */
  public void freeze() {
    signal("STOP");
  }

  /** As {@code kill -CONT} does: it goes on and has noticed nothing. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill} does, and waits. */
  public int stop() {
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
            "-XX:TieredStopAtLevel=1", // most processes here end soon: their start counts
            "-XX:+UseSerialGC",
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
