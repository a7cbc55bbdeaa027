package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/** A client that may reach loopback addresses, and short ways to use it. */
final class Sender implements AutoCloseable {

  static final Duration EXCHANGE = Duration.ofSeconds(2);

  static final EgressSettings QUICK =
      new EgressSettings(
          new EgressSettings.Times(
              Duration.ofMillis(700), Duration.ofMillis(700), EXCHANGE, Duration.ofSeconds(30)),
          64,
          4,
          64 * 1_024,
          16 * 1_024);

  /** Deadlines that no test is meant to meet, however busy the machine. */
  static final EgressSettings PATIENT =
      new EgressSettings(
          EgressSettings.standard().times(), 64, 4, QUICK.readLimit(), QUICK.keepLimit());

  /** Loopback is all that a test may reach. */
  static final EgressPolicy LOOPBACK = allowing("127.0.0.0/8", "::1");

  private final GuardedHttpClient client;

  Sender(EgressSettings settings, EgressPolicy policy, HostResolver resolver, SSLContext tls) {
    this(settings, policy, resolver, tls, System::nanoTime);
  }

  Sender(
      EgressSettings settings,
      EgressPolicy policy,
      HostResolver resolver,
      SSLContext tls,
      LongSupplier ticker) {
    this.client = new GuardedHttpClient(settings, policy, resolver, tls, ticker);
  }

  static Sender quick(HostResolver resolver, LongSupplier ticker) {
    return new Sender(QUICK, LOOPBACK, resolver, Certificates.trustingNobody(), ticker);
  }

  static Sender patient() {
    return with(PATIENT, new ScriptedResolver());
  }

  static Sender quick() {
    return with(QUICK, new ScriptedResolver());
  }

  static Sender with(EgressSettings settings, HostResolver resolver) {
    return new Sender(settings, LOOPBACK, resolver, Certificates.trustingNobody());
  }

  static EgressPolicy allowing(String... ranges) {
    List<Cidr> allow = List.of(ranges).stream().map(Cidr::parse).toList();
    return new EgressPolicy(allow, false, Set.of(25), null);
  }

  static TargetUrl url(String text) {
    return ((UrlRule.Accepted) new UrlRule(LOOPBACK).check(text)).url();
  }

  static OutboundRequest request(String url) {
    return request(url, "{\"id\":2279}");
  }

  static OutboundRequest request(String url, String body) {
    return new OutboundRequest(
        url(url),
        List.of(new Header("content-type", "application/json"), new Header("webhook-id", "evt_1")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  Exchange post(String url) {
    return post(url, RecordingGate.open());
  }

  Exchange post(String url, WriteGate gate) {
    return post(request(url), gate);
  }

  Exchange post(OutboundRequest request, WriteGate gate) {
    return client.post(request, gate);
  }

  Exchange.Answered answered(String url) {
    Exchange exchange = post(url);
    assertThat(exchange).isInstanceOf(Exchange.Answered.class);
    return (Exchange.Answered) exchange;
  }

  Exchange.Failed failed(String url) {
    Exchange exchange = post(url);
    assertThat(exchange).isInstanceOf(Exchange.Failed.class);
    return (Exchange.Failed) exchange;
  }

  HostCheck check(String url) {
    return client.check(url(url));
  }

  int connections() {
    return client.connections();
  }

  /** Also proves that nothing is left behind: no place taken, no connection open. */
  @Override
  public void close() {
    client.close();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(client.connections()).isZero());
  }
}
