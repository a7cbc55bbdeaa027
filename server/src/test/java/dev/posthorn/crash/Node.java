package dev.posthorn.crash;

import static org.awaitility.Awaitility.await;

import dev.posthorn.system.Api;
import dev.posthorn.system.PosthornProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One place at which a Posthorn process runs, is ended and started again, at the same address. */
final class Node implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final int port;
  private final DatabaseLink link;
  private final Map<String, String> environment;
  private final Path log;
  private @Nullable PosthornProcess process;

  /**
   * @param name under which the database knows its sessions
   * @param log gets what each of its processes printed
   */
  Node(String name, ClusterDatabase database, Map<String, String> settings, Path log) {
    this.name = name;
    this.port = freePort();
    this.link = new DatabaseLink(database::port);
    this.log = log;
    this.environment = new HashMap<>(settings);
    environment.put("POSTHORN_PORT", Integer.toString(port));
    environment.put(
        "POSTHORN_DATABASE_URL",
        "jdbc:postgresql://127.0.0.1:%d/posthorn?sslmode=disable&gssEncMode=disable&ApplicationName=%s"
            .formatted(link.port(), name));
  }

  String name() {
    return name;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The network between it and the database. */
  DatabaseLink link() {
    return link;
  }

  Api api(String key) {
    return new Api(url(), key);
  }

  /** Settings to run commands with. */
  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  synchronized void launch() {
    process = PosthornProcess.start(environment, "serve");
  }

  /** Waits until its process takes requests. */
  synchronized void awaitStarted() {
    running().awaitReady();
  }

  /** Waits until it says of itself that it can do its work. */
  void awaitReady() {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> health() == 200);
  }

  /** What {@code GET /health/ready} answers. */
  int health() throws IOException {
    return api("").statusOf("/health/ready");
  }

  synchronized void kill() {
    running().kill();
    keepLog();
  }

  synchronized int stop() {
    int exitCode = running().stop();
    keepLog();
    return exitCode;
  }

  synchronized void freeze() {
    running().freeze();
  }

  synchronized void thaw() {
    running().thaw();
  }

  /** Makes good what a test that failed may have left. */
  synchronized void mend() {
    link.mend();
    if (process == null) {
      launch();
    } else {
      thaw();
    }
    awaitStarted();
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      process.kill();
      keepLog();
    }
    link.close();
  }

  private PosthornProcess running() {
    if (process == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return process;
  }

  private void keepLog() {
    try {
      Files.writeString(
          log, running().text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = null;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
