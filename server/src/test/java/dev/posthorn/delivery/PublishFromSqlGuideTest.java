package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.posthorn.db.SharedSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The programs of docs/publish-from-sql.md, run as they stand there. Node and Python need a driver
 * that {@code .ci/run} installs; where it is missing those two are aborted, but not in CI.
 */
final class PublishFromSqlGuideTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXAMPLES = ROOT.resolve("examples/publish-from-sql");
  private static final Path NODE_DRIVER = EXAMPLES.resolve("node/node_modules/pg");
  private static final Path PYTHON = EXAMPLES.resolve("python/.venv/bin/python");

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @BeforeEach
  void makeTheApplication() throws IOException {
    fixture.update("DROP ROLE IF EXISTS shop");
    fixture.update(Files.readString(EXAMPLES.resolve("role.sql")));
    fixture.update("CREATE TABLE public.invoice (id bigint PRIMARY KEY, paid boolean NOT NULL)");
    fixture.update("INSERT INTO public.invoice VALUES (17, false)");
    fixture.update("GRANT SELECT, UPDATE ON public.invoice TO shop");
    fixture.update(
        "INSERT INTO event_type (account_id, name, created_at, updated_at)"
            + " VALUES (1, 'invoice.paid', now(), now())");
    fixture.database.inTransaction(transaction -> {
      SharedSettings.put(transaction, SharedSettings.PUBLIC_URL, "https://crm.example.com");
      return null;
    });
  }

  @ParameterizedTest
  @CsvSource({
    "sql, role.sql",
    "java, java/Publish.java",
    "js, node/publish.mjs",
    "python, python/publish.py"
  })
  void theGuideShowsWhatIsRun(String language, String file) throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/publish-from-sql.md")))
        .contains("```" + language + "\n" + Files.readString(EXAMPLES.resolve(file)) + "```\n");
  }

  @Test
  void publishesFromJava() throws Exception {
    publishesWhatItCommitsAndNothingElse(
        jdbcUrl(),
        ProcessHandle.current().info().command().orElseThrow(),
        "-cp",
        System.getProperty("java.class.path"),
        EXAMPLES.resolve("java/Publish.java").toString());
  }

  @Test
  void publishesFromNode() throws Exception {
    needs(Files.isDirectory(NODE_DRIVER), "npm ci --prefix examples/publish-from-sql/node");
    publishesWhatItCommitsAndNothingElse(
        url(), "node", EXAMPLES.resolve("node/publish.mjs").toString());
  }

  @Test
  void publishesFromPython() throws Exception {
    needs(
        Files.isExecutable(PYTHON),
        "python3 -m venv examples/publish-from-sql/python/.venv && examples/publish-from-sql/python/.venv/bin/pip"
            + " install -r examples/publish-from-sql/python/requirements.txt");
    publishesWhatItCommitsAndNothingElse(
        url(), PYTHON.toString(), EXAMPLES.resolve("python/publish.py").toString());
  }

  private static void needs(boolean isThere, String command) {
    if (!isThere && "true".equals(System.getenv("CI"))) {
      fail("in CI this test has to run: " + command);
    }
    if (!isThere) {
      abort("not run, because the driver is not installed: " + command);
    }
  }

  private void publishesWhatItCommitsAndNothingElse(String url, String... program)
      throws Exception {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.start(DeliverySettings.DEFAULTS);

    assertThat(run(url, program, "18").exitCode()).isNotZero();
    Finished paid = run(url, program, "17");

    assertThat(paid.exitCode()).as(paid.output()).isZero();
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    assertThat(receiver.received())
        .extracting(request -> new String(request.body(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrder(
            "{\"invoice\":17}", "{\"id\":77,\"url\":\"https://crm.example.com/companies/77\"}");
    assertThat(receiver.received())
        .allMatch(request -> List.of(paid.output().split("\\s+")).contains(request.id()));
    assertThat(fixture.one(Boolean.class, "SELECT paid FROM public.invoice WHERE id = 17"))
        .isTrue();
  }

  private record Finished(int exitCode, String output) {}

  private static Finished run(String url, String[] program, String invoice)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(program))).redirectErrorStream(true);
    builder.command().add(invoice);
    builder.environment().put("DATABASE_URL", url);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Finished(process.exitValue(), output);
  }

  private String jdbcUrl() {
    return "jdbc:postgresql://" + hostAndDatabase() + "?user=shop&password=open%20sesame";
  }

  private String url() {
    return "postgresql://shop:open%20sesame@" + hostAndDatabase();
  }

  private String hostAndDatabase() {
    URI uri = URI.create(fixture.postgres.address().jdbcUrl().substring("jdbc:".length()));
    return uri.getHost() + ":" + uri.getPort() + uri.getPath();
  }
}
