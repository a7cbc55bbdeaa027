package dev.posthorn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The README's examples, run as a stranger would paste them. Only the ports are others, the
 * database is a test's, and {@code ./posthorn} and {@code ./mvnw} do not build: this runs within a
 * build.
 */
final class ReadmeTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @AutoClose private static final TestDatabase POSTGRES = TestDatabase.migrated();

  @TempDir private Path folder;

  @Test
  void theFirstWebhookArrives() throws IOException, InterruptedException, URISyntaxException {
    String api = freePort();
    Path output = folder.resolve("output");
    Process bash = bash(api, output);
    try {
      type(bash, firstWebhook(api, freePort()), () -> hasArrived(bash, output, api));

      assertThat(bash.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      bash.descendants().forEach(ProcessHandle::destroyForcibly);
      bash.destroyForcibly();
    }

    assertThat(bash.exitValue()).as(Files.readString(output)).isZero();
    assertThat(output).content().contains("{\"status\":\"ready\"}");
  }

  /** The last block stops everything: it has to wait for what the others did. */
  private static void type(Process bash, List<String> blocks, Callable<Boolean> done)
      throws IOException {
    try (Writer script = bash.outputWriter(UTF_8)) {
      for (String block : blocks.subList(0, blocks.size() - 1)) {
        script.write(block);
      }
      script.flush();
      await().atMost(PATIENCE).until(done);
      script.write(blocks.getLast());
    }
  }

  /** Fails at once, with what was said, when the script has ended early. */
  private static boolean hasArrived(Process bash, Path output, String port) throws IOException {
    String said = Files.readString(output);
    assertThat(bash.isAlive()).as(said).isTrue();
    String url = "http://127.0.0.1:" + port + "/opportunities/1";
    return said.contains("opportunity.create {\"id\":1,\"url\":\"" + url + "\"}")
        && said.contains("\"deliveries\":0");
  }

  @ParameterizedTest
  @CsvSource({
    "js, node-receiver/receiver.mjs",
    "python, verify/python/receiver.py",
    "java, verify/java/Receiver.java",
    "go, verify/go/main.go"
  })
  void quotesTheReceiversAsTheyAre(String language, Path receiver) throws IOException {
    assertThat(Files.readString(REPOSITORY.resolve("examples").resolve(receiver)))
        .contains(blocks(language, section("Verifying")));
  }

  @Test
  void leadsToDocumentsThatExist() throws IOException {
    assertThat(Pattern.compile("]\\(([^)#:]+)[)#]").matcher(readme()).results())
        .isNotEmpty()
        .allSatisfy(link -> assertThat(REPOSITORY.resolve(link.group(1))).exists());
  }

  private Process bash(String port, Path output) throws IOException, URISyntaxException {
    Path java = Path.of(System.getProperty("java.home"), "bin");
    script("posthorn", "exec java -cp '" + System.getProperty("java.class.path") + "' " + main());
    Path library =
        Path.of(Webhook.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path lib = Files.createDirectories(folder.resolve("examples/verify/java/lib"));
    script("mvnw", "cp '" + library + "' '" + lib + "'");
    Path receiver = Path.of("examples/verify/java/Receiver.java");
    Files.copy(REPOSITORY.resolve(receiver), folder.resolve(receiver));
    ProcessBuilder builder = new ProcessBuilder("bash", "-eu").directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("POSTHORN_"));
    environment.putAll(configuration(port));
    environment.put("PATH", java + ":" + environment.get("PATH"));
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  private static String main() {
    return Main.class.getName() + " \"$@\"";
  }

  private static Map<String, String> configuration(String port) {
    DatabaseAddress address = POSTGRES.address();
    return Map.of(
        "POSTHORN_PORT", port,
        "POSTHORN_DATABASE_URL", address.jdbcUrl(),
        "POSTHORN_DATABASE_USER", address.user(),
        "POSTHORN_DATABASE_PASSWORD", address.password().value(),
        "POSTHORN_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  }

  private void script(String name, String command) throws IOException {
    Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static List<String> firstWebhook(String api, String receiver) throws IOException {
    return blocks("bash", section("A first webhook")).stream()
        .map(block -> block.replace("8080", api).replace("3000", receiver))
        .toList();
  }

  private static List<String> blocks(String language, String section) {
    return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
        .matcher(section)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String section(String title) throws IOException {
    String readme = readme();
    int start = readme.indexOf("\n## " + title + "\n");
    assertThat(start).as("the section \"%s\"", title).isPositive();
    return readme.substring(start, readme.indexOf("\n## ", start + 1));
  }

  private static String readme() throws IOException {
    return Files.readString(REPOSITORY.resolve("README.md"));
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
