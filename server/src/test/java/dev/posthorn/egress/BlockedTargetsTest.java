package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No connection to what the policy does not allow. A receiver waits on 127.0.0.1 in each test; what
 * tests call public is 127.1.0.0/16, which the client may reach.
 */
final class BlockedTargetsTest {

  private static final String PUBLIC = "127.1.0.1";

  private final ScriptedResolver resolver = new ScriptedResolver();
  private final Sender sender =
      new Sender(
          Sender.PATIENT, Sender.allowing("127.1.0.0/16"), resolver, Certificates.trustingNobody());
  private ScriptedReceiver near;
  private ScriptedReceiver far;

  @BeforeEach
  void listen() {
    near = ScriptedReceiver.answering(ScriptedReceiver.status(200));
    far = ScriptedReceiver.at(PUBLIC, near.port(), closing());
  }

  @AfterEach
  void close() {
    sender.close();
    near.close();
    far.close();
    assertThat(near.connections()).isZero();
  }

  /** So that each request needs a look-up of its own. */
  private static ScriptedReceiver.Script closing() {
    return talk -> {
      talk.readRequest();
      talk.send(ScriptedReceiver.head("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 0"));
    };
  }

  private String hook(String host) {
    return "http://" + host + ":" + near.port() + "/hook";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fd00:ec2::254",
        "fe80::1",
        "64:ff9b::7f00:1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::"
      })
  void neverConnectsToANameThatLeadsNearby(String address) {
    resolver.answers("evil.example.com", address);

    assertBlocked(sender.post(hook("evil.example.com")));
    assertThat(sender.check(hook("evil.example.com"))).isEqualTo(new HostCheck.Blocked());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "10.0.0.1"})
  void oneBadAddressDamnsTheName(String bad) {
    resolver.answers("mixed.example.com", PUBLIC, bad).answers("mixed.example.com", bad, PUBLIC);

    assertBlocked(sender.post(hook("mixed.example.com")));
    assertBlocked(sender.post(hook("mixed.example.com")));
    assertThat(far.connections()).isZero();
  }

  @Test
  void oneBadAddressAmongThousandsDamnsTheName() {
    String[] many =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "127.1.%d.%d".formatted(i / 250, i % 250))
            .toArray(String[]::new);
    String[] withOneBad = Arrays.copyOf(many, many.length + 1);
    withOneBad[many.length] = "127.0.0.1";
    resolver.answers("many.example.com", withOneBad);

    assertBlocked(sender.post(hook("many.example.com")));
  }

  @Test
  void checksEveryNewConnectionAgain() {
    resolver
        .answers("rebinding.example.com", PUBLIC)
        .answers("rebinding.example.com", "127.0.0.1")
        .answers("rebinding.example.com", PUBLIC)
        .answers("rebinding.example.com", "127.0.0.1");
    String url = hook("rebinding.example.com");

    assertThat(sender.check(url)).isInstanceOf(HostCheck.Allowed.class);
    assertBlocked(sender.post(url));
    assertThat(sender.post(url)).isInstanceOf(Exchange.Answered.class);
    assertBlocked(sender.post(url));
    assertThat(far.requests()).hasSize(1);
    assertThat(resolver.lookups("rebinding.example.com")).isEqualTo(4);
  }

  @Test
  void connectsToTheAddressThatWasCheckedAndSendsTheName() {
    resolver.answers("good.example.com", PUBLIC).answers("good.example.com", "127.0.0.1");

    assertThat(sender.post(hook("good.example.com"))).isInstanceOf(Exchange.Answered.class);
    assertThat(far.requests().getFirst().header("host"))
        .containsExactly("good.example.com:" + near.port());
    assertThat(resolver.lookups("good.example.com")).isEqualTo(1);
  }

  @Test
  void aUrlThatWasAcceptedUnderAWiderPolicyIsCheckedAgain() {
    String port = ":" + near.port() + "/hook";
    List<EgressPolicy> tighter =
        List.of(
            EgressPolicy.standard(),
            new EgressPolicy(Sender.LOOPBACK.allow(), true, Set.of(), null),
            new EgressPolicy(Sender.LOOPBACK.allow(), false, Set.of(near.port()), null),
            new EgressPolicy(
                Sender.LOOPBACK.allow(), false, Set.of(), URI.create("http://127.0.0.1" + port)));
    for (EgressPolicy policy : tighter) {
      try (var strict =
          new Sender(Sender.PATIENT, policy, resolver, Certificates.trustingNobody())) {
        RecordingGate gate = RecordingGate.open();

        assertBlocked(strict.post("http://127.0.0.1" + port, gate));
        assertThat(strict.check("http://127.0.0.1" + port)).isEqualTo(new HostCheck.Blocked());
        assertThat(gate.calls()).isEmpty();
      }
    }
  }

  @Test
  void saysTheSameOfEveryBlockedTarget() {
    resolver.answers("a.example.com", "127.0.0.1").answers("b.example.com", "10.0.0.1");

    assertThat(
            List.of(hook("a.example.com"), hook("b.example.com"), hook("127.0.0.1")).stream()
                .map(url -> ((Exchange.Failed) sender.post(url)).message())
                .distinct())
        .containsExactly("The target is not a public address.");
  }

  private static void assertBlocked(Exchange exchange) {
    assertThat(exchange)
        .isInstanceOfSatisfying(
            Exchange.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo(FailureClass.BLOCKED_ADDRESS);
              assertThat(failed.requestWritten()).isFalse();
              assertThat(failed.timings().connect()).isNull();
            });
  }
}
