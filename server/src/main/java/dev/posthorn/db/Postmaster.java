package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A running server, as its cluster's {@code postmaster.pid} describes it (PostgreSQL source,
 * src/include/utils/pidfile.h).
 *
 * @param port 0 while the server has not written it yet
 * @param status {@code starting}, {@code stopping}, {@code ready}, or {@code standby}
 */
record Postmaster(long pid, int port, String status) {
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /** The server that works on the cluster; empty when there is none, whatever the file says. */
  static Optional<Postmaster> on(Path data) throws IOException {
    return read(data).filter(found -> program(found.pid).contains(data.toString()));
  }

  /**
   * Whether the file was left by a server that is gone, while its pid still means something:
   * another program, as after a restart of a container, or the dead server itself, when nobody
   * collects it. PostgreSQL must take either for a living server. Its second guard, the shared
   * memory that stays in use while a process of the old server lives, does not need the file.
   */
  static boolean isLeftover(Path data) throws IOException {
    Optional<Postmaster> left = read(data);
    if (left.isEmpty() || Files.notExists(Path.of("/proc/" + left.get().pid))) {
      return false;
    }
    List<String> program = program(left.get().pid);
    return program.isEmpty() || !program.getFirst().endsWith("postgres");
  }

  static Path file(Path data) {
    return data.resolve("postmaster.pid");
  }

  private static Optional<Postmaster> read(Path data) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file(data));
      return lines.isEmpty() ? Optional.empty() : Optional.of(parse(lines));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Postmaster parse(List<String> lines) {
    int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE)) : 0;
    String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "starting";
    return new Postmaster(Long.parseLong(lines.getFirst()), port, status);
  }

  /** The command line of a process; empty when it is gone, or dead and not yet collected. */
  static List<String> program(long pid) {
    try {
      String arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      return arguments.isEmpty() ? List.of() : List.of(arguments.split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }

  boolean isReady() {
    return status.equals("ready");
  }

  boolean isStopping() {
    return status.equals("stopping");
  }

  /** Whether it runs the programs in a folder, and not those of another release. */
  boolean runs(Path programs) {
    List<String> command = program(pid);
    return !command.isEmpty() && Path.of(command.getFirst()).startsWith(programs);
  }
}
