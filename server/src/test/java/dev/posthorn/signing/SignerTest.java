package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignerTest {

  private static final byte[] BODY = Judges.BODY.getBytes(UTF_8);

  private final SharedSecret current = SigningSecret.generate(new SecureRandom());
  private final SharedSecret previous = SigningSecret.generate(new SecureRandom());

  @Test
  void isVerifiedByTheLibrariesWithAGeneratedSecret() {
    assertThat(Judges.accept(current.text(), Judges.request(signer(current)))).isTrue();
    assertThat(Judges.svixAccepts(current.text(), Judges.request(signer(previous)))).isFalse();
    assertThat(Judges.standardWebhooksAccepts(current.text(), Judges.request(signer(previous))))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "mysecret", "whsec_secret"})
  void isVerifiedByTheLibrariesWithATextInBothConstructors(String text) {
    Map<String, List<String>> request = Judges.request(signer(Secrets.accepted(text)));

    assertThat(Judges.accept(text, request)).isTrue();
    assertThat(Judges.accept(text.getBytes(UTF_8), request)).isTrue();
  }

  @Test
  void isVerifiedByTheRawConstructorsWithATextThatIsNotBase64() {
    String text = "your-webhook-secret, with an é";

    assertThat(Judges.accept(text.getBytes(UTF_8), Judges.request(signer(Secrets.accepted(text)))))
        .isTrue();
  }

  @Test
  void isVerifiedWithTheCurrentAndThePreviousSecretDuringARotation() {
    Map<String, List<String>> request = Judges.request(signer(current, previous));

    assertThat(Judges.accept(current.text(), request)).isTrue();
    assertThat(Judges.accept(previous.text(), request)).isTrue();
  }

  @Test
  void isVerifiedDuringARotationToAKeyPair() {
    SigningKeyPair pair = SigningKeyPair.generate(new SecureRandom());
    Map<String, List<String>> request = Judges.request(signer(pair, previous));

    assertThat(Judges.accept(previous.text(), request)).isTrue();
  }

  @Test
  void putsTheCurrentSecretFirst() {
    String together = signer(current, previous).sign("msg_1", 1, BODY);

    assertThat(together)
        .isEqualTo(
            signer(current).sign("msg_1", 1, BODY) + " " + signer(previous).sign("msg_1", 1, BODY));
  }

  @Test
  void makesOneItemForAKeyThatTwoSecretsShare() {
    byte[] key = current.keys().getFirst();
    SigningSecret unpadded =
        Secrets.accepted("whsec_" + Base64.getEncoder().withoutPadding().encodeToString(key));
    SigningKeyPair pair = SigningKeyPair.generate(new SecureRandom());

    assertThat(signer(current, current, unpadded).sign("msg_1", 1, BODY).split(" ")).hasSize(1);
    assertThat(signer(pair, pair).sign("msg_1", 1, BODY).split(" ")).hasSize(1);
  }

  @Test
  void makesOneItemForKeysThatDifferInZerosAtTheEnd() {
    byte[] key = current.keys().getFirst();
    byte[] longer = Arrays.copyOf(key, key.length + 1);
    SigningSecret padded = Secrets.accepted("whsec_" + Base64.getEncoder().encodeToString(longer));

    assertThat(signer(current, padded).sign("msg_1", 1, BODY).split(" ")).hasSize(1);
  }

  @Test
  void leavesTheBodyAsItIs() {
    byte[] body = BODY.clone();

    signer(current).sign("msg_1", 1, body);

    assertThat(body).isEqualTo(BODY);
  }

  @Test
  void signsFromManyThreadsAtOnce() throws Exception {
    Signer signer = signer(current, Secrets.accepted("secret"));
    String expected = signer.sign("msg_1", 1, BODY);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var signed =
          threads.invokeAll(Collections.nCopies(10_000, () -> signer.sign("msg_1", 1, BODY)));

      for (var one : signed) {
        assertThat(one.get()).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a\n", "é", "\u007f"})
  void refusesAnIdThatIsNotPlain(String id) {
    Signer signer = signer(current);

    assertThatThrownBy(() -> signer.sign(id, 1, BODY)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesATimeBefore1970() {
    Signer signer = signer(current);

    assertThatThrownBy(() -> signer.sign("msg_1", -1, BODY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesToSignWithNothing() {
    assertThatThrownBy(() -> Signer.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private static Signer signer(SigningSecret... secrets) {
    return Signer.of(Stream.of(secrets).toList());
  }
}
