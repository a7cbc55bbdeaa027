package dev.posthorn;

import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import dev.posthorn.delivery.DeliverySettings;
import dev.posthorn.delivery.RetrySchedule;
import dev.posthorn.egress.EgressPolicy;
import dev.posthorn.egress.EgressSettings;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.notice.Postman;
import dev.posthorn.webhook.WebhookSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;

/** What the configuration says to each part of the server. */
record PartSettings(Configuration configuration, HttpSettings http) {
  private static final Duration COLLECTS_WHILE_DISABLED = Duration.ofDays(7);

  static PartSettings of(Configuration configuration) {
    return new PartSettings(configuration, http(configuration));
  }

  /**
   * A free port is chosen here rather than by the listener: links in answers need it before
   * anything listens.
   */
  private static HttpSettings http(Configuration configuration) {
    String host = configuration.get(Settings.HOST);
    int asked = configuration.get(Settings.PORT);
    int port = asked == 0 ? freePort(host) : asked;
    URI publicUrl =
        configuration
            .get(Settings.PUBLIC_URL)
            .orElseGet(() -> URI.create("http://" + host + ":" + port));
    HttpSettings.Limits usual = HttpSettings.Limits.DEFAULT;
    Duration grace = configuration.get(Settings.SHUTDOWN_GRACE);
    return new HttpSettings(
        host,
        port,
        publicUrl,
        new HttpSettings.Limits(usual.idle(), usual.body(), grace, usual.connections()));
  }

  private static int freePort(String host) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port on " + host + ": " + e.getMessage(), e);
    }
  }

  EgressPolicy egressPolicy() {
    return new EgressPolicy(
        configuration.get(Settings.EGRESS_ALLOW),
        configuration.get(Settings.HTTPS_ONLY),
        EgressPolicy.USUALLY_DENIED_PORTS,
        http.publicUrl());
  }

  EgressSettings egress() {
    EgressSettings usual = EgressSettings.standard();
    EgressSettings.Times times =
        new EgressSettings.Times(
            usual.times().dns(),
            usual.times().connect(),
            configuration.get(Settings.TIMEOUT),
            usual.times().idle());
    return new EgressSettings(
        times,
        configuration.get(Settings.IN_FLIGHT),
        usual.lookupThreads(),
        usual.readLimit(),
        usual.keepLimit());
  }

  DeliverySettings delivery() {
    DeliverySettings usual = DeliverySettings.DEFAULTS;
    return new DeliverySettings(
        new RetrySchedule(
            configuration.get(Settings.RETRY_DELAYS), configuration.get(Settings.RETRY_JITTER)),
        configuration.get(Settings.IN_FLIGHT_PER_WEBHOOK),
        configuration.get(Settings.IN_FLIGHT),
        configuration.get(Settings.TIMEOUT),
        configuration.get(Settings.DISABLE_AFTER),
        usual.sweepInterval(),
        usual.buffers());
  }

  Postman.Office mail() {
    String from =
        configuration
            .get(Settings.SMTP_FROM)
            .orElseGet(() -> "posthorn@" + http.publicUrl().getHost());
    return new Postman.Office(
        configuration.get(Settings.SMTP_URL),
        from,
        http.publicUrl(),
        configuration.get(Settings.DISABLE_AFTER));
  }

  WebhookSettings webhooks() {
    return new WebhookSettings(configuration.get(Settings.MAX_RATE_LIMIT), COLLECTS_WHILE_DISABLED);
  }
}
