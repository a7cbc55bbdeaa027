package dev.posthorn.benchmarks.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the talk between a benchmark and its processes: a line of JSON on standard
 * input is a command, a line of JSON on standard output an answer. The process ends with its
 * standard input.
 */
public final class Commands {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Commands() {}

  /** Begins to read standard input. */
  public static Commands listen() {
    Commands commands = new Commands();
    Thread.ofPlatform().name("commands").daemon().start(commands::readAll);
    return commands;
  }

  private void readAll() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      in.lines().forEach(lines::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      System.err.println("standard input ended: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }

  /** The next command, when there is one. */
  public <T> @Nullable T poll(Class<T> type) {
    String line = lines.poll();
    return line == null ? null : read(line, type);
  }

  /** The next command, waited for. */
  public <T> T take(Class<T> type) throws InterruptedException {
    return read(lines.take(), type);
  }

  /** Writes an answer. */
  public static void answer(Object answer) {
    try {
      System.out.println(JSON.writeValueAsString(answer));
      System.out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static <T> T read(String line, Class<T> type) {
    try {
      return JSON.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no command: " + line, e);
    }
  }
}
