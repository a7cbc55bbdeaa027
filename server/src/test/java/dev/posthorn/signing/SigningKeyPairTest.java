package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;

final class SigningKeyPairTest {

  private final SigningKeyPair pair = SigningKeyPair.generate(new SecureRandom());

  @Test
  void signsWhatItsPublicKeyVerifies() {
    String item = Signer.of(List.of(pair)).sign("msg_1", 1614265330, "{}".getBytes(UTF_8));

    assertThat(item).startsWith("v1a,");
    assertThat(verifies(pair.publicKey(), item.substring(4), "msg_1.1614265330.{}")).isTrue();
    assertThat(verifies(pair.publicKey(), item.substring(4), "msg_1.1614265331.{}")).isFalse();
  }

  @Test
  void isReadBackFromItsText() {
    assertThat(SigningSecret.parse(pair.text()))
        .isInstanceOfSatisfying(
            ParsedSecret.Accepted.class,
            accepted -> {
              assertThat(accepted.secret()).isEqualTo(pair);
              assertThat(accepted.warning()).isEmpty();
            });
  }

  @Test
  void isNotReadWithAnotherPairsPublicKey() {
    byte[] mixed = bytes(pair.text());
    System.arraycopy(bytes(SigningKeyPair.generate(new SecureRandom()).text()), 32, mixed, 32, 32);
    String text = "whsk_" + Base64.getEncoder().encodeToString(mixed);

    assertThat(Secrets.accepted(text)).isInstanceOf(SharedSecret.class);
    assertThatThrownBy(() -> new SigningKeyPair(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(text);
  }

  @Test
  void isNotReadFromHalfAPair() {
    String seedOnly = pair.text().substring(0, 5 + 43) + "=";

    assertThat(Secrets.accepted(seedOnly)).isInstanceOf(SharedSecret.class);
  }

  @Test
  void hidesItsText() {
    assertThat(pair.toString()).isEqualTo("SigningKeyPair[hidden]");
    assertThat(pair.hint()).isEqualTo("whsk_…" + pair.text().substring(pair.text().length() - 4));
  }

  private static boolean verifies(String publicKey, String signature, String content) {
    assertThat(publicKey).startsWith("whpk_");
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(bytes(publicKey)));
    verifier.update(content.getBytes(UTF_8), 0, content.length());
    return verifier.verifySignature(Base64.getDecoder().decode(signature));
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(text.substring(5));
  }
}
