package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsTest {

  private static final String HOST = "hooks.example.com";
  private static final Certificates AUTHORITY = new Certificates();
  private static final ScriptedReceiver.Script OK =
      ScriptedReceiver.always(ScriptedReceiver.status(200));

  private final ScriptedResolver resolver = new ScriptedResolver().answers(HOST, "127.0.0.1");
  private final Sender sender =
      new Sender(Sender.PATIENT, Sender.LOOPBACK, resolver, AUTHORITY.trusting());

  @AfterEach
  void close() {
    sender.close();
  }

  private static String hook(ScriptedReceiver receiver) {
    return "https://" + HOST + ":" + receiver.port() + "/hook";
  }

  @Test
  void sendsToAReceiverWhoseCertificateFitsTheName() {
    try (var receiver = ScriptedReceiver.overTls(AUTHORITY.issuedFor(HOST), OK)) {
      Timings first = sender.answered(hook(receiver)).timings();
      Timings second = sender.answered(hook(receiver)).timings();

      assertThat(first.tls()).isPositive();
      assertThat(second.tls()).isNull();
      assertThat(receiver.connections()).isEqualTo(1);
      assertThat(receiver.requests().getFirst().header("host"))
          .containsExactly(HOST + ":" + receiver.port());
    }
  }

  @Test
  void namesTheHostInTheHandshake() {
    List<String> named = new CopyOnWriteArrayList<>();
    try (var receiver =
        ScriptedReceiver.overTls(AUTHORITY.issuedFor(HOST), s -> matchNames(s, named), OK)) {
      sender.answered(hook(receiver));

      assertThat(named).contains(HOST);
    }
  }

  private static void matchNames(SSLServerSocket server, List<String> named) {
    SSLParameters parameters = server.getSSLParameters();
    parameters.setSNIMatchers(
        List.of(
            new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
              @Override
              public boolean matches(SNIServerName name) {
                return named.add(new String(name.getEncoded(), StandardCharsets.US_ASCII));
              }
            }));
    server.setSSLParameters(parameters);
  }

  @Test
  void refusesASelfSignedCertificate() {
    assertHandshakeFails(Certificates.selfSigned(HOST), FailureClass.TLS_UNTRUSTED);
  }

  @Test
  void refusesAnUnknownAuthority() {
    assertHandshakeFails(new Certificates().issuedFor(HOST), FailureClass.TLS_UNTRUSTED);
  }

  @Test
  void refusesAnExpiredCertificate() {
    assertHandshakeFails(AUTHORITY.expiredFor(HOST), FailureClass.TLS_EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"other.example.com", "example.com", "hooks.example.com.evil.com", "*.com"})
  void refusesACertificateForAnotherName(String name) {
    assertHandshakeFails(AUTHORITY.issuedFor(name), FailureClass.TLS_WRONG_NAME);
  }

  @Test
  void refusesACertificateForANameWhenTheHostIsAnAddress() {
    try (var receiver = ScriptedReceiver.overTls(AUTHORITY.issuedFor(HOST), OK)) {
      assertThat(sender.failed(receiver.url("https")).failure())
          .isEqualTo(FailureClass.TLS_WRONG_NAME);
    }
  }

  private void assertHandshakeFails(SSLContext context, FailureClass expected) {
    try (var receiver = ScriptedReceiver.overTls(context, OK)) {
      assertFails(receiver, expected);
      assertThat(receiver.requests()).isEmpty();
    }
  }

  private void assertFails(ScriptedReceiver receiver, FailureClass expected) {
    RecordingGate gate = RecordingGate.open();
    Exchange exchange = sender.post(hook(receiver), gate);

    assertThat(exchange)
        .isInstanceOfSatisfying(
            Exchange.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo(expected);
              assertThat(failed.requestWritten()).isFalse();
            });
    assertThat(gate.calls()).doesNotContain("mayWrite");
    assertThat(sender.connections()).isZero();
  }

  /** What a receiver says that can do no better than TLS 1.0 or 1.1. */
  @ParameterizedTest
  @ValueSource(strings = {"0301", "0302"})
  void refusesOldVersions(String version) {
    String hello = "02000026" + version + "00".repeat(32) + "00" + "c013" + "00";
    byte[] record = HexFormat.of().parseHex("16" + version + "002a" + hello);
    try (var receiver = ScriptedReceiver.playing(talk -> sayAndStall(talk, record))) {
      assertFails(receiver, FailureClass.TLS_VERSION);
    }
  }

  @Test
  void understandsThatItsVersionsAreRefused() {
    byte[] alert = HexFormat.of().parseHex("15030100020246");
    try (var receiver = ScriptedReceiver.playing(talk -> sayAndStall(talk, alert))) {
      assertFails(receiver, FailureClass.TLS_VERSION);
    }
  }

  private static void sayAndStall(Talk talk, byte[] bytes) throws IOException {
    talk.send(bytes);
    talk.stall();
  }

  @Test
  void givesUpOnAHandshakeThatStalls() {
    try (var receiver = ScriptedReceiver.playing(Talk::stall);
        var quick = new Sender(Sender.QUICK, Sender.LOOPBACK, resolver, AUTHORITY.trusting())) {
      Exchange.Failed failed = quick.failed(hook(receiver));

      assertThat(failed.failure()).isEqualTo(FailureClass.TLS_TIMEOUT);
      assertThat(failed.requestWritten()).isFalse();
    }
  }

  @Test
  void failsWhereNobodySpeaksTls() {
    try (var receiver =
            ScriptedReceiver.playing(talk ->
                sayAndStall(talk, "HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        var closing = ScriptedReceiver.playing(_ -> {})) {
      assertFails(receiver, FailureClass.TLS_FAILED);
      assertFails(closing, FailureClass.TLS_FAILED);
    }
  }

  @Test
  void hasNoCertificateToShow() {
    try (var wanting =
            ScriptedReceiver.overTls(
                AUTHORITY.issuedFor(HOST), server -> server.setWantClientAuth(true), OK);
        var needing =
            ScriptedReceiver.overTls(
                AUTHORITY.issuedFor(HOST), server -> server.setNeedClientAuth(true), OK)) {

      assertThat(sender.answered(hook(wanting)).isSuccess()).isTrue();
      assertThat(sender.failed(hook(needing)).failure())
          .isIn(FailureClass.TLS_FAILED, FailureClass.CONNECTION_CLOSED);
      assertThat(needing.requests()).isEmpty();
    }
  }

  @Test
  void writesOnceMoreWhenAKeptTlsConnectionDied() {
    try (var receiver =
        ScriptedReceiver.overTls(
            AUTHORITY.issuedFor(HOST),
            talk -> {
              talk.readRequest();
              talk.send(ScriptedReceiver.status(200));
              talk.readRequest();
            })) {
      sender.answered(hook(receiver));
      RecordingGate gate = RecordingGate.open();

      assertThat(sender.post(hook(receiver), gate)).isInstanceOf(Exchange.Answered.class);
      assertThat(gate.calls()).contains("mayWrite", "mayWriteAgain");
    }
  }
}
