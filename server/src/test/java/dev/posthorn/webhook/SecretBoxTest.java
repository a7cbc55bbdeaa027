package dev.posthorn.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;

final class SecretBoxTest {

  private static final byte[] PLAIN = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".getBytes(UTF_8);
  private static final byte[] PLACE = "webhook 7".getBytes(UTF_8);

  private final SecureRandom random = new SecureRandom();
  private final EncryptionKey key = EncryptionKey.generate(random);
  private final SecretBox box = new SecretBox(key, random);

  @Test
  void opensWhatItSealed() {
    assertThat(box.open(box.seal(PLAIN, PLACE), PLACE)).isEqualTo(PLAIN);
    assertThat(box.open(box.seal(new byte[0], new byte[0]), new byte[0])).isEmpty();
  }

  @Test
  void opensWhatAnotherBoxWithTheSameKeySealed() {
    SecretBox afterARestart = new SecretBox(EncryptionKey.parse(key.text()), random);

    assertThat(afterARestart.open(box.seal(PLAIN, PLACE), PLACE)).isEqualTo(PLAIN);
  }

  @Test
  void writesVersionNonceAndCiphertext() throws Exception {
    byte[] sealed = box.seal(PLAIN, PLACE);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key.aes(), new GCMParameterSpec(128, sealed, 1, 12));
    cipher.updateAAD(PLACE);

    assertThat(sealed).startsWith(1).hasSize(PLAIN.length + 1 + 12 + 16);
    assertThat(cipher.doFinal(sealed, 13, sealed.length - 13)).isEqualTo(PLAIN);
  }

  @Test
  void neverSealsTwiceTheSameWay() {
    byte[] first = box.seal(PLAIN, PLACE);
    byte[] second = box.seal(PLAIN, PLACE);

    assertThat(Arrays.copyOfRange(first, 1, 13)).isNotEqualTo(Arrays.copyOfRange(second, 1, 13));
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void refusesEveryAlteredBit() {
    byte[] sealed = box.seal(PLAIN, PLACE);

    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] altered = sealed.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertBroken(altered, PLACE);
    }
  }

  @Test
  void refusesEveryOtherLength() {
    byte[] sealed = box.seal(PLAIN, PLACE);

    for (int length = 0; length < sealed.length; length++) {
      assertBroken(Arrays.copyOf(sealed, length), PLACE);
    }
    assertBroken(Arrays.copyOf(sealed, sealed.length + 1), PLACE);
  }

  @Test
  void refusesAnotherPlace() {
    assertBroken(box.seal(PLAIN, PLACE), "webhook 8".getBytes(UTF_8));
    assertBroken(box.seal(PLAIN, PLACE), new byte[0]);
  }

  @Test
  void refusesAnotherKey() {
    byte[] sealed = new SecretBox(EncryptionKey.generate(random), random).seal(PLAIN, PLACE);

    assertBroken(sealed, PLACE);
  }

  private void assertBroken(byte[] sealed, byte[] place) {
    assertThatThrownBy(() -> box.open(sealed, place)).isInstanceOf(BrokenSealException.class);
  }
}
