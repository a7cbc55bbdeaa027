package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The operating system's user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root
 * hands it to an unprivileged user; everyone else runs it as they are.
 *
 * @param other who runs it instead of us; empty when we do
 */
record ServerUser(Optional<UserPrincipal> other) {
  private static final List<String> UNPRIVILEGED = List.of("posthorn", "postgres", "nobody");
  private static final Duration LOOK = Duration.ofSeconds(10);

  /**
   * @param cluster the database's files: when they exist, whoever owns them is the user
   */
  static ServerUser of(Path cluster) throws IOException {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    if (!root) {
      return new ServerUser(Optional.empty());
    }
    return new ServerUser(
        Optional.of(Files.exists(cluster) ? Files.getOwner(cluster) : unprivileged()));
  }

  private static UserPrincipal unprivileged() throws IOException {
    for (String name : UNPRIVILEGED) {
      Optional<UserPrincipal> user = find(name);
      if (user.isPresent()) {
        return user.get();
      }
    }
    throw new UnusableDatabaseException(
        "PostgreSQL does not run as root, and none of the users %s exists to run it. Create one ('useradd --system posthorn') or start Posthorn as an ordinary user."
            .formatted(UNPRIVILEGED));
  }

  private static Optional<UserPrincipal> find(String name) throws IOException {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Gives the file to the user. */
  Path own(Path path) throws IOException {
    if (other.isPresent()) {
      Files.setOwner(path, other.get());
    }
    return path;
  }

  /** Whether the user can reach a folder through all its parents. */
  boolean canEnter(Path folder) throws IOException {
    return other.isEmpty()
        || run(LOOK, List.of("/bin/sh", "-c", "cd \"$1\"", "sh", folder.toString())).succeeded();
  }

  /** Runs a program as the user to its end, and ends it when it takes longer than the limit. */
  Outcome run(Duration limit, List<String> command) throws IOException {
    return finish(prepare(command), limit);
  }

  /**
   * A program to run as the user. It gets none of our environment, which may hold secrets for us
   * and settings for another PostgreSQL.
   */
  ProcessBuilder prepare(List<String> command) throws IOException {
    List<String> whole = new ArrayList<>();
    if (other.isPresent()) {
      String name = other.get().getName();
      whole.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + group(name)));
      whole.addAll(List.of("--clear-groups", "--no-new-privs", "--"));
    }
    whole.addAll(command);
    return clean(whole);
  }

  private static String group(String user) throws IOException {
    Outcome outcome = finish(clean(List.of("id", "-g", user)), LOOK);
    return outcome.succeeded() ? outcome.output().strip() : user;
  }

  private static ProcessBuilder clean(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C"));
    builder.directory(Path.of("/").toFile()); // ours may be closed to the user
    builder.redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    return builder;
  }

  private static Outcome finish(ProcessBuilder builder, Duration limit) throws IOException {
    Path output = Files.createTempFile("posthorn", ".out");
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Outcome(ended ? process.exitValue() : -1, Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while running " + builder.command(), e);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  /**
   * How a program ended.
   *
   * @param status its exit status, -1 when it was cut off
   * @param output what it printed to both streams
   */
  record Outcome(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }
  }
}
