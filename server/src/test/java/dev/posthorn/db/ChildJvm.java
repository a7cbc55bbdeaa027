package dev.posthorn.db;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A JVM of its own that runs a main class until it is killed, or this JVM ends. */
final class ChildJvm implements AutoCloseable {
  private static final String SAYS = "child says ";

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    List<String> command =
        Stream.concat(
                Stream.of(java, "-Xmx128m", "-cp", classPath, main.getName()), Stream.of(arguments))
            .toList();
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** What the child said by {@link #say}; waits for it. */
  String hear() throws IOException {
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(SAYS)) {
        return line.substring(SAYS.length());
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("The child ended after:\n" + before);
  }

  long pid() {
    return process.pid();
  }

  /** As kill -9 does: nothing in it gets to run any more. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** On the child's side: tells its parent, and stays until that is gone. */
  static void say(String text) throws IOException {
    System.out.println(SAYS + text);
    int end = System.in.read();
    Runtime.getRuntime().halt(Math.max(0, end));
  }
}
