package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SignatureVectorsTest {

  static Stream<Vector> symmetric() {
    return vectors("symmetric");
  }

  static Stream<Vector> asymmetric() {
    return vectors("asymmetric");
  }

  @ParameterizedTest
  @MethodSource("symmetric")
  void readsEveryKeyInItsOrder(Vector vector) {
    List<String> keys =
        ((SharedSecret) vector.secret()).keys().stream().map(HexFormat.of()::formatHex).toList();

    assertThat(keys).containsSubsequence(vector.strings("keys_hex"));
  }

  @ParameterizedTest
  @MethodSource({"symmetric", "asymmetric"})
  void makesEverySignatureInItsOrder(Vector vector) {
    assertThat(List.of(vector.sign().split(" "))).containsSubsequence(vector.strings("signatures"));
  }

  /** Of all vectors, one text has a reading more: only the most lenient libraries find it. */
  @ParameterizedTest
  @MethodSource({"symmetric", "asymmetric"})
  void makesNoOtherSignature(Vector vector) {
    String lenientOnly =
        Hmac.item(
            HexFormat.of().parseHex("ca8babc1e6e1a2892c79cade"),
            vector.string("id"),
            vector.timestamp(),
            vector.string("body").getBytes(UTF_8));
    boolean isLenient = vector.string("secret").equals("your-webhook-secret");
    String expected = String.join(" ", vector.strings("signatures"));

    assertThat(vector.sign()).isEqualTo(isLenient ? lenientOnly + " " + expected : expected);
  }

  @ParameterizedTest
  @MethodSource("asymmetric")
  void tellsThePublicKey(Vector vector) {
    assertThat(((SigningKeyPair) vector.secret()).publicKey()).isEqualTo(vector.string("public"));
  }

  private static Stream<Vector> vectors(String kind) {
    try (InputStream file =
        Objects.requireNonNull(
            SignatureVectorsTest.class.getResourceAsStream("signature-vectors.json"))) {
      return new JsonMapper().readTree(file).required(kind).valueStream().map(Vector::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Vector(JsonNode json) {

    SigningSecret secret() {
      return Secrets.accepted(string("secret"));
    }

    String sign() {
      return Signer.of(List.of(secret()))
          .sign(string("id"), timestamp(), string("body").getBytes(UTF_8));
    }

    long timestamp() {
      return json.required("timestamp").asLong();
    }

    String string(String name) {
      return json.required(name).asText();
    }

    List<String> strings(String name) {
      return json.required(name).valueStream().map(JsonNode::asText).toList();
    }

    @Override
    public String toString() {
      return string("note");
    }
  }
}
