package dev.posthorn.config;

import dev.posthorn.db.Secret;
import dev.posthorn.egress.Cidr;
import dev.posthorn.notice.SmtpServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting there is: name, default, form, meaning. {@code docs/configuration.md} says the
 * same.
 */
public final class Settings {
  private static final String DURATION = "a duration such as 500ms, 30s, 15m, 2h, 7d";

  public static final Setting<String> HOST =
      new Setting<>(
          "host",
          "127.0.0.1",
          "an address or host name",
          text -> text,
          "Where the server listens.");

  public static final Setting<Integer> PORT =
      new Setting<>(
          "port",
          "8080",
          "0 to 65535",
          text -> Forms.wholeNumber(text, 0, 65_535),
          "The port it listens on; 0 takes a free one and prints it.");

  public static final Setting<Optional<URI>> PUBLIC_URL =
      new Setting<>(
          "public-url",
          "",
          "an http or https address without a path",
          Settings::optionalOrigin,
          "How customers reach this server; in links and payloads. Unset: http:// and host and port.");

  public static final Setting<Path> DATA =
      new Setting<>(
          "data",
          "data",
          "a folder",
          Path::of,
          "Where the embedded database and generated keys live.");

  public static final Setting<Optional<String>> DATABASE_URL =
      new Setting<>(
          "database.url",
          "",
          "jdbc:postgresql://host:port/database",
          Settings::jdbcUrl,
          "An external PostgreSQL, 15 or newer. Unset: an embedded one in the data folder.");

  public static final Setting<String> DATABASE_USER =
      new Setting<>(
          "database.user",
          "posthorn",
          "a role",
          text -> text,
          "Who connects to the external database.");

  public static final Setting<Secret> DATABASE_PASSWORD =
      new Setting<>("database.password", "", "a text", Secret::new, "The password of that role.");

  public static final Setting<Optional<Secret>> ENCRYPTION_KEY =
      new Setting<>(
          "encryption-key",
          "",
          "base64 of 32 bytes, as 'openssl rand -base64 32' makes",
          Settings::optionalSecret,
          "Seals secrets at rest. Needed with an external database; else generated into the data folder.");

  public static final Setting<Integer> API_RATE_LIMIT =
      new Setting<>(
          "api.rate-limit",
          "100",
          "0 to 100000",
          text -> Forms.wholeNumber(text, 0, 100_000),
          "Requests per API key in any 10 s; 0 for no limit.");

  public static final Setting<List<Cidr>> EGRESS_ALLOW =
      new Setting<>(
          "egress.allow",
          "",
          "address ranges such as 10.1.0.0/16, with commas between",
          text -> Forms.list(text, Cidr::parse),
          "Ranges that webhooks may lead to although they are not public.");

  public static final Setting<Boolean> HTTPS_ONLY =
      new Setting<>(
          "webhooks.https-only",
          "false",
          "true or false",
          Forms::yesOrNo,
          "Whether webhooks must use https.");

  public static final Setting<Integer> MAX_RATE_LIMIT =
      new Setting<>(
          "webhooks.max-rate-limit",
          "1000000",
          "1 to 1000000",
          text -> Forms.wholeNumber(text, 1, 1_000_000),
          "The highest rate limit, in requests a minute, that a webhook may have.");

  public static final Setting<List<Duration>> RETRY_DELAYS =
      new Setting<>(
          "delivery.retry-delays",
          "5s,5m,30m,2h,5h,10h,14h,20h,24h",
          "durations with commas between",
          text -> Forms.list(text, Forms::duration),
          "How long after each failed attempt the next one follows; after the last one a delivery has failed.");

  public static final Setting<Double> RETRY_JITTER =
      new Setting<>(
          "delivery.retry-jitter",
          "0.1",
          "0 to 1",
          Forms::share,
          "How far each delay may deviate at random, as a share of it.");

  public static final Setting<Integer> IN_FLIGHT_PER_WEBHOOK =
      new Setting<>(
          "delivery.in-flight-per-webhook",
          "32",
          "1 to 1000",
          text -> Forms.wholeNumber(text, 1, 1_000),
          "The most requests under way for one webhook; never more than a fifteenth of its rate limit.");

  public static final Setting<Integer> IN_FLIGHT =
      new Setting<>(
          "delivery.in-flight",
          "2048",
          "2 to 20000",
          text -> Forms.wholeNumber(text, 2, 20_000),
          "The most requests under way in this process.");

  public static final Setting<Duration> TIMEOUT =
      new Setting<>(
          "delivery.timeout",
          "15s",
          DURATION,
          Forms::positiveDuration,
          "How long one request may take, answer included.");

  public static final Setting<Duration> DISABLE_AFTER =
      new Setting<>(
          "delivery.disable-after",
          "5d",
          DURATION,
          Forms::positiveDuration,
          "How long a webhook may do nothing but fail before it is disabled.");

  public static final Setting<Duration> RETENTION =
      new Setting<>(
          "retention",
          "30d",
          "at least 2d",
          Settings::retention,
          "How long events, deliveries and attempts are kept; a day that still has something to send is kept until it is sent.");

  public static final Setting<Optional<SmtpServer>> SMTP_URL =
      new Setting<>(
          "smtp.url",
          "",
          "smtp://user:password@host:port, or smtps://",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(SmtpServer.parse(text)),
          "Where mail is handed in, that tells members of failing webhooks. Unset: no mail is sent.");

  public static final Setting<Optional<String>> SMTP_FROM =
      new Setting<>(
          "smtp.from",
          "",
          "a mail address",
          Settings::optionalAddress,
          "The sender of that mail. Unset: posthorn at the host of the public URL.");

  public static final Setting<Duration> SHUTDOWN_GRACE =
      new Setting<>(
          "shutdown-grace",
          "20s",
          DURATION,
          Forms::duration,
          "How long an orderly stop waits for requests and deliveries that are under way.");

  /** All of them, in the order of the documentation. */
  public static final List<Setting<?>> ALL =
      List.of(
          HOST,
          PORT,
          PUBLIC_URL,
          DATA,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD,
          ENCRYPTION_KEY,
          API_RATE_LIMIT,
          EGRESS_ALLOW,
          HTTPS_ONLY,
          MAX_RATE_LIMIT,
          RETRY_DELAYS,
          RETRY_JITTER,
          IN_FLIGHT_PER_WEBHOOK,
          IN_FLIGHT,
          TIMEOUT,
          DISABLE_AFTER,
          RETENTION,
          SMTP_URL,
          SMTP_FROM,
          SHUTDOWN_GRACE);

  /** Those whose texts are never shown; an address may hold a password. */
  static final Set<Setting<?>> HOLDING_SECRETS =
      Set.of(DATABASE_URL, DATABASE_PASSWORD, ENCRYPTION_KEY, SMTP_URL);

  private Settings() {}

  /** Less, and an application's long transaction could commit into what is gone. */
  private static Duration retention(String text) {
    Duration retention = Forms.duration(text);
    if (retention.compareTo(Duration.ofDays(2)) < 0) {
      throw new IllegalArgumentException("must be at least 2d");
    }
    return retention;
  }

  private static Optional<String> optionalAddress(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[^@\\s\\p{Cntrl}<>]+@[^@\\s\\p{Cntrl}<>]+")) {
      throw new IllegalArgumentException("must be a mail address, as posthorn@example.com");
    }
    return Optional.of(text);
  }

  private static Optional<URI> optionalOrigin(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Forms.origin(text));
  }

  private static Optional<Secret> optionalSecret(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new Secret(text));
  }

  private static Optional<String> jdbcUrl(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("must begin with jdbc:postgresql:");
    }
    return Optional.of(text);
  }
}
