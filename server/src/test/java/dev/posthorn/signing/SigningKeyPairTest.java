package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SigningKeyPairTest {

  private final SigningKeyPair pair = SigningKeyPair.generate(new SecureRandom());

  @Test
  void signsWhatItsPublicKeyVerifies() throws GeneralSecurityException {
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

  private static boolean verifies(String publicKey, String signature, String content)
      throws GeneralSecurityException {
    assertThat(publicKey).startsWith("whpk_");
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey(bytes(publicKey)));
    verifier.update(content.getBytes(UTF_8));
    return verifier.verify(Base64.getDecoder().decode(signature));
  }

  /** RFC 8032, section 5.1.3: y in little-endian order, the highest bit tells x's sign. */
  private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    byte[] y = new byte[32];
    for (int i = 0; i < 32; i++) {
      y[i] = encoded[31 - i];
    }
    boolean xIsOdd = y[0] < 0;
    y[0] &= 0x7f;
    EdECPoint point = new EdECPoint(xIsOdd, new BigInteger(1, y));
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(text.substring(5));
  }
}
