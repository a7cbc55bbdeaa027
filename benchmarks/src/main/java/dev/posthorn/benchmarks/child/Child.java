package dev.posthorn.benchmarks.child;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process that a benchmark starts and commands; its class uses {@link Commands}. */
public final class Child implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.answers = process.inputReader();
    this.commands = process.outputWriter();
  }

  /** Starts a small process of the benchmark's own; what it says of errors is passed on. */
  public static Child start(Class<?> main, String heap, String... arguments) {
    return start(main, List.of("-Xmx" + heap, "-XX:+UseSerialGC"), arguments);
  }

  /** Starts one whose Java has the options that a Posthorn server's has. */
  public static Child startLikePosthorn(Class<?> main, String... arguments) {
    return start(main, posthornFlags(), arguments);
  }

  private static Child start(Class<?> main, List<String> flags, String... arguments) {
    List<String> command = new ArrayList<>(JAVA);
    command.addAll(flags);
    command.addAll(List.of("-Dlogback.configurationFile=quiet-logback.xml", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    try {
      return new Child(
          main.getSimpleName(),
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code .mvn/quick-start.sh} has them, which {@code benchmarks/run} passes on. */
  private static List<String> posthornFlags() {
    return List.of(System.getProperty("posthorn.flags", "-Xmx512m").split(" ", -1));
  }

  public long pid() {
    return process.pid();
  }

  public void send(Object command) {
    try {
      commands.write(JSON.writeValueAsString(command));
      commands.newLine();
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  /** Waits for the next answer. */
  public <T> T answer(Class<T> type) {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(name + " ended without an answer");
      }
      return JSON.readValue(line, type);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  /** Sends a command and waits for its answer. */
  public <T> T ask(Object command, Class<T> type) {
    send(command);
    return answer(type);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
