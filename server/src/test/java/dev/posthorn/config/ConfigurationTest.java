package dev.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.posthorn.db.Secret;
import dev.posthorn.egress.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationTest {
  @TempDir private Path folder;

  @Test
  void readsItsDefaults() {
    Configuration configuration = read(Map.of(), Map.of());

    assertThat(configuration.get(Settings.HOST)).isEqualTo("127.0.0.1");
    assertThat(configuration.get(Settings.PORT)).isEqualTo(8080);
    assertThat(configuration.get(Settings.PUBLIC_URL)).isEmpty();
    assertThat(configuration.get(Settings.DATA)).isEqualTo(Path.of("data"));
    assertThat(configuration.get(Settings.DATABASE_URL)).isEmpty();
    assertThat(configuration.get(Settings.DATABASE_USER)).isEqualTo("posthorn");
    assertThat(configuration.get(Settings.DATABASE_PASSWORD)).isEqualTo(new Secret(""));
    assertThat(configuration.get(Settings.ENCRYPTION_KEY)).isEmpty();
    assertThat(configuration.get(Settings.API_RATE_LIMIT)).isEqualTo(100);
    assertThat(configuration.get(Settings.EGRESS_ALLOW)).isEmpty();
    assertThat(configuration.get(Settings.HTTPS_ONLY)).isFalse();
    assertThat(configuration.get(Settings.MAX_RATE_LIMIT)).isEqualTo(1_000_000);
  }

  @Test
  void readsTheDefaultsOfDeliveries() {
    Configuration configuration = read(Map.of(), Map.of());

    assertThat(configuration.get(Settings.RETRY_DELAYS))
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));
    assertThat(configuration.get(Settings.RETRY_JITTER)).isEqualTo(0.1);
    assertThat(configuration.get(Settings.IN_FLIGHT_PER_WEBHOOK)).isEqualTo(32);
    assertThat(configuration.get(Settings.IN_FLIGHT)).isEqualTo(2048);
    assertThat(configuration.get(Settings.TIMEOUT)).isEqualTo(Duration.ofSeconds(15));
    assertThat(configuration.get(Settings.DISABLE_AFTER)).isEqualTo(Duration.ofDays(5));
    assertThat(configuration.get(Settings.SHUTDOWN_GRACE)).isEqualTo(Duration.ofSeconds(20));
    assertThat(configuration.get(Settings.RETENTION)).isEqualTo(Duration.ofDays(30));
    assertThat(configuration.get(Settings.SMTP_URL)).isEmpty();
    assertThat(configuration.get(Settings.SMTP_FROM)).isEmpty();
  }

  @Test
  void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() {
    file("port = 1\nhost = file\ndata = file\n");
    Map<String, String> environment =
        Map.of("POSTHORN_PORT", "2", "POSTHORN_HOST", "environment", "PATH", "/bin");

    Configuration configuration = read(Map.of("port", "3"), environment);

    assertThat(configuration.get(Settings.PORT)).isEqualTo(3);
    assertThat(configuration.get(Settings.HOST)).isEqualTo("environment");
    assertThat(configuration.get(Settings.DATA)).isEqualTo(Path.of("file"));
  }

  @Test
  void anEmptyVariableCountsAsUnset() {
    file("port = 1\n");

    Configuration configuration =
        read(Map.of(), Map.of("POSTHORN_PORT", "", "POSTHORN_CONFIG", "", "POSTHORN_NONSENSE", ""));

    assertThat(configuration.get(Settings.PORT)).isEqualTo(1);
  }

  @Test
  void readsAnotherFileThatAVariableNames() throws IOException {
    Files.writeString(folder.resolve("other.properties"), "port = 7\n");

    Configuration configuration = read(Map.of(), Map.of("POSTHORN_CONFIG", "other.properties"));

    assertThat(configuration.get(Settings.PORT)).isEqualTo(7);
  }

  @Test
  void refusesANamedFileThatIsNotThere() {
    assertThatThrownBy(() -> read(Map.of(), Map.of("POSTHORN_CONFIG", "gone.properties")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("gone.properties");
  }

  @Test
  void listsEveryFaultAtOnce() {
    file("prot = 1\ndelivery.timeout = soon\n");
    Map<String, String> environment =
        Map.of(
            "POSTHORN_PORT", "70000",
            "POSTHORN_PUBLIC_URL", "https://example.com/path",
            "POSTHORN_EGRESS_ALLOW", "10.0.0.0/8,10.0.0.1/33",
            "POSTHORN_WEBHOOKS_HTTPS_ONLY", "yes",
            "POSTHORN_TYPO", "x");

    assertThatThrownBy(() -> read(Map.of("api.rate-limit", "-1"), environment))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContainingAll(
            "prot in the configuration file: there is no such setting",
            "POSTHORN_TYPO in the environment: there is no such setting",
            "port (POSTHORN_PORT): \"70000\" must be a whole number from 0 to 65535",
            "public-url (POSTHORN_PUBLIC_URL): \"https://example.com/path\" must be",
            "delivery.timeout (POSTHORN_DELIVERY_TIMEOUT): \"soon\" must be",
            "egress.allow (POSTHORN_EGRESS_ALLOW): \"10.0.0.0/8,10.0.0.1/33\" ",
            "webhooks.https-only (POSTHORN_WEBHOOKS_HTTPS_ONLY): \"yes\" must be true or false",
            "api.rate-limit (POSTHORN_API_RATE_LIMIT): \"-1\" must be");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port|-1",
        "port|8080.0",
        "public-url|ftp://example.com",
        "public-url|https://user@example.com",
        "public-url|example.com",
        "api.rate-limit|100001",
        "webhooks.max-rate-limit|0",
        "webhooks.https-only|TRUE",
        "delivery.retry-delays|5s,,5m",
        "delivery.retry-delays|5 s",
        "delivery.retry-jitter|1.1",
        "delivery.retry-jitter|NaN",
        "delivery.in-flight-per-webhook|0",
        "delivery.in-flight|1",
        "delivery.timeout|0s",
        "delivery.disable-after|5w",
        "delivery.disable-after|0d",
        "retention|1d",
        "smtp.from|nobody",
        "shutdown-grace|-1s"
      })
  void refuses(String name, String text) {
    assertThatThrownBy(() -> read(Map.of(name, text), Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(name + " (")
        .hasMessageContaining(text);
  }

  @Test
  void reads() {
    file(
        """
        public-url = https://hooks.example.com/
        egress.allow = 10.1.0.0/16, fd00::/8
        delivery.retry-delays =
        delivery.timeout = 1500ms
        database.url = jdbc:postgresql://db/posthorn
        shutdown-grace = 0s
        """);

    Configuration configuration = read(Map.of(), Map.of());

    assertThat(configuration.get(Settings.PUBLIC_URL))
        .contains(URI.create("https://hooks.example.com"));
    assertThat(configuration.get(Settings.EGRESS_ALLOW))
        .isEqualTo(List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("fd00::/8")));
    assertThat(configuration.get(Settings.RETRY_DELAYS)).isEmpty();
    assertThat(configuration.get(Settings.TIMEOUT)).isEqualTo(Duration.ofMillis(1_500));
    assertThat(configuration.get(Settings.DATABASE_URL)).contains("jdbc:postgresql://db/posthorn");
    assertThat(configuration.get(Settings.SHUTDOWN_GRACE)).isZero();
  }

  @Test
  void neverShowsASecret() {
    String secret = "hunter2-hunter2";
    Map<String, String> environment =
        Map.of(
            "POSTHORN_DATABASE_PASSWORD", secret,
            "POSTHORN_ENCRYPTION_KEY", secret,
            "POSTHORN_DATABASE_URL", "postgres://posthorn:" + secret + "@db/posthorn");

    Throwable refused = catchThrowable(() -> read(Map.of("port", "none"), environment));
    Configuration accepted = read(Map.of("database.url", ""), environment);

    assertThat(refused)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("database.url")
        .hasMessageNotContaining(secret);
    assertThat(accepted.get(Settings.DATABASE_PASSWORD).toString()).doesNotContain(secret);
    assertThat(accepted.get(Settings.ENCRYPTION_KEY).toString()).doesNotContain(secret);
  }

  private Configuration read(Map<String, String> commandLine, Map<String, String> environment) {
    return Configuration.read(commandLine, environment, folder);
  }

  private void file(String text) {
    try {
      Files.writeString(folder.resolve("posthorn.properties"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
