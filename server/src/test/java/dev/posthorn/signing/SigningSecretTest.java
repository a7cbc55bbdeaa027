package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SigningSecretTest {

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 26, 32, 63, 64})
  void standsForTheBytesBehindThePrefix(int length) {
    byte[] key = Cases.bytes(new SecureRandom(), length);
    String text = "whsec_" + Base64.getEncoder().encodeToString(key);

    assertThat(keys(text)).containsExactly(HexFormat.of().formatHex(key));
    assertThat(warning(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 23, 65})
  void readsShorterAndLongerKeysInBothWays(int length) {
    byte[] key = Cases.bytes(new SecureRandom(), length);
    String text = "whsec_" + Base64.getEncoder().encodeToString(key);

    assertThat(keys(text)).containsExactly(HexFormat.of().formatHex(key), hex(text));
    assertThat(warning(text)).isPresent();
  }

  @Test
  void warnsOfMissingPaddingButHasOneKey() {
    byte[] key = Cases.bytes(new SecureRandom(), 32);
    String text = "whsec_" + Base64.getEncoder().withoutPadding().encodeToString(key);

    assertThat(keys(text)).containsExactly(HexFormat.of().formatHex(key));
    assertThat(warning(text)).hasValueSatisfying(words -> assertThat(words).contains("padded"));
  }

  @ParameterizedTest
  @CsvSource({
    "secret, b1e72b7a",
    "your-webhook-secret, ca8babc1e6e1a2892c79cade",
    "my-secret, 9b2b1e72b7ad",
    "pass=, a5ab2c",
    "whsec_secret, b1e72b7a",
    "+/+/, fbffbf",
    "ab_cd, 69b71d",
  })
  void readsATextAsLenientBase64AndAsUtf8(String text, String lenient) {
    assertThat(keys(text)).containsExactly(lenient, hex(text));
    assertThat(warning(text)).isPresent();
  }

  @Test
  void readsPaddingInTheMiddleAsRubyAndAsPhpDo() {
    assertThat(keys("pas=word")).containsExactly("a5ab30a2b7", "a5ab", hex("pas=word"));
  }

  @Test
  void readsATextBeyondAsciiAlsoByItsLowBytes() {
    assertThat(keys("geheim-ü😀"))
        .containsExactly("81e85e8a", hex("geheim-ü😀"), "67656865696d2dfc3d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_", "x", "é", "-", "=", "===="})
  void neverHasAnEmptyKey(String text) {
    assertThat(keys(text)).isNotEmpty().contains(hex(text)).doesNotContain("");
  }

  @Test
  void countsCharactersNotUnits() {
    assertThat(keys("😀".repeat(512))).isNotEmpty();
    assertThat(refusal("😀".repeat(513))).isEqualTo("too_long");
    assertThat(refusal("x".repeat(1_000_000))).isEqualTo("too_long");
  }

  @Test
  void refusesAnEmptyText() {
    assertThat(refusal("")).isEqualTo("too_short");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\nb", "secret\r\n", "\u001b[31m", "\u007f", "\u0085"})
  void refusesControlCharacters(String text) {
    assertThat(refusal(text)).isEqualTo("control_character");
    assertThatThrownBy(() -> new SharedSecret(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThat(refusal("a\ud83d")).isEqualTo("invalid_unicode");
    assertThat(refusal("\ude00a")).isEqualTo("invalid_unicode");
  }

  @Test
  void readsTheUrlSafeAlphabetAsAnOrdinaryText() {
    String text = "whsec_" + "-_".repeat(22);

    assertThat(keys(text)).containsExactly(hex(text));
    assertThat(warning(text)).isPresent();
  }

  @Test
  void generatesThirtyTwoBytes() {
    SharedSecret secret = SigningSecret.generate(new SecureRandom());

    assertThat(secret.keys()).hasSize(1).allSatisfy(key -> assertThat(key).hasSize(32));
    assertThat(secret.text()).startsWith("whsec_");
    assertThat(warning(secret.text())).isEmpty();
    assertThat(secret).isNotEqualTo(SigningSecret.generate(new SecureRandom()));
  }

  @Test
  void takesItsChanceFromTheArgument() {
    assertThat(SigningSecret.generate(RandomGenerator.of("L64X128MixRandom")).text()).hasSize(50);
  }

  @ParameterizedTest
  @CsvSource({
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, whsec_…LaSw",
    "a text of sixteen, …teen",
    "secret, …",
    "whsec_, whsec_…",
  })
  void hintsAtTheEndOfALongSecretOnly(String text, String hint) {
    assertThat(Secrets.accepted(text).hint()).isEqualTo(hint);
  }

  @Test
  void hintsAtWholeCharacters() {
    assertThat(Secrets.accepted("x".repeat(20) + "ab😀c").hint()).isEqualTo("…ab😀c");
  }

  @Test
  void hidesItsText() {
    String text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    assertThat(Secrets.accepted(text).toString()).isEqualTo("SharedSecret[hidden]");
    assertThat(SigningSecret.parse(text).toString()).doesNotContain("LaSw");
  }

  private static List<String> keys(String text) {
    return ((SharedSecret) Secrets.accepted(text))
        .keys().stream().map(HexFormat.of()::formatHex).toList();
  }

  private static Optional<String> warning(String text) {
    return ((ParsedSecret.Accepted) SigningSecret.parse(text)).warning();
  }

  private static String refusal(String text) {
    ParsedSecret.Refused refused = (ParsedSecret.Refused) SigningSecret.parse(text);
    assertThat(refused.message()).isNotBlank();
    return refused.code();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
