package dev.posthorn.benchmarks;

import dev.posthorn.db.DataFolder;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the start of the process to the first 200 of {@code /health/ready}, with an external
 * database and with the embedded one on its later starts.
 *
 * <p>Usage: {@code StartTime <runs> <command…>}, for example {@code StartTime 7 ./posthorn}.
 * Processor time is that of the Posthorn process alone; on a busy machine it says more than the
 * clock.
 */
public final class StartTime {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
  private static final String ANY_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private final List<String> command;
  private final HttpClient client = HttpClient.newHttpClient();

  private StartTime(List<String> command) {
    this.command = List.copyOf(command);
  }

  /** One start: what the clock and what the processor say. */
  public record Start(Duration ready, Duration processor) {}

  /** The medians of each kind of start. */
  public record Result(int runs, Start external, Start embedded) {
    String json() {
      return "{\"runs\":%d,\"external\":%s,\"embedded\":%s}"
          .formatted(runs, json(external), json(embedded));
    }

    private static String json(Start start) {
      return "{\"ready_ms\":%d,\"processor_ms\":%d}"
          .formatted(start.ready().toMillis(), start.processor().toMillis());
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "medians of %d%n  external  %s%n  embedded  %s",
          runs,
          text(external),
          text(embedded));
    }

    private static String text(Start start) {
      return "%d ms (processor %d ms)"
          .formatted(start.ready().toMillis(), start.processor().toMillis());
    }
  }

  public static void main(String[] args) throws Exception {
    List<String> arguments = List.of(args);
    Result result =
        measure(
            arguments.subList(1, arguments.size()),
            Integer.parseInt(arguments.getFirst()),
            Path.of("target", "start-time"));
    System.out.println(result.json());
    System.err.println(result.text());
  }

  /**
   * Starts and stops it {@code runs} times in each way, in turns; a first start of each, which
   * makes the tables, does not count.
   *
   * @param folder for the databases; later calls find them there
   */
  public static Result measure(List<String> command, int runs, Path folder)
      throws IOException, InterruptedException {
    StartTime starts = new StartTime(command);
    List<Start> external = new ArrayList<>();
    List<Start> embedded = new ArrayList<>();
    Path scratch = Files.createDirectories(folder.toAbsolutePath());
    try (DataFolder data = DataFolder.lock(scratch.resolve("external"), Duration.ZERO);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      Map<String, String> elsewhere = settings(postgres.address());
      Map<String, String> here = Map.of("POSTHORN_DATA", scratch.resolve("embedded").toString());
      for (int run = 0; run <= runs; run++) {
        external.add(starts.once(elsewhere));
        embedded.add(starts.once(here));
      }
    }
    return new Result(
        runs, median(external.subList(1, runs + 1)), median(embedded.subList(1, runs + 1)));
  }

  private static Map<String, String> settings(DatabaseAddress address) {
    return Map.of(
        "POSTHORN_DATABASE_URL", address.jdbcUrl(),
        "POSTHORN_DATABASE_USER", address.user(),
        "POSTHORN_DATABASE_PASSWORD", address.password().value(),
        "POSTHORN_ENCRYPTION_KEY", ANY_KEY);
  }

  private Start once(Map<String, String> settings) throws IOException, InterruptedException {
    int port = freePort();
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("serve", "--port", Integer.toString(port)));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTHORN_"));
    builder.environment().putAll(settings);
    long began = System.nanoTime();
    Process process = builder.start();
    try {
      awaitReady(process, port, began);
      Duration ready = Duration.ofNanos(System.nanoTime() - began);
      return new Start(ready, process.info().totalCpuDuration().orElse(Duration.ZERO));
    } finally {
      process.destroy();
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
      }
    }
  }

  private void awaitReady(Process process, int port, long began)
      throws IOException, InterruptedException {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    while (!isReady(question)) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IOException(command + " did not become ready within " + PATIENCE);
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private boolean isReady(HttpRequest question) throws InterruptedException {
    try {
      return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // nothing listens yet
    }
  }

  private static Start median(List<Start> starts) {
    return new Start(
        starts.stream().map(Start::ready).sorted().toList().get(starts.size() / 2),
        starts.stream().map(Start::processor).sorted().toList().get(starts.size() / 2));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
