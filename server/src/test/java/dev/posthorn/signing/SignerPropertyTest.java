package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SignerPropertyTest {

  private static final String ITEM = "v1,[A-Za-z0-9+/]{43}=";

  @Test
  void everyTextIsSignedByItsUtf8Bytes() {
    Cases.check(
        5_000,
        random -> {
          String text = Cases.text(random);
          byte[] body = Cases.bytes(random, random.nextInt(300));
          long timestamp = random.nextLong(1L << 33);

          String header = Signer.of(List.of(Secrets.accepted(text))).sign("m", timestamp, body);

          assertThat(header.split(" "))
              .as(text)
              .contains(Hmac.item(text.getBytes(UTF_8), "m", timestamp, body));
        });
  }

  @Test
  void everyTextThatALibraryCanReadIsVerifiedByIt() {
    Cases.check(
        2_000,
        random -> {
          byte[] key = Cases.bytes(random, random.nextInt(1, 40));
          Base64.Encoder encoder = Base64.getEncoder();
          String text =
              (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(key);

          Map<String, List<String>> request =
              Judges.request(Signer.of(List.of(Secrets.accepted(text))));

          assertThat(Judges.accept(text, request)).as(text).isTrue();
        });
  }

  @Test
  void everyWellFormedSecretMakesOneItemThatTheLibrariesVerify() {
    Cases.check(
        2_000,
        random -> {
          byte[] key = Cases.bytes(random, random.nextInt(24, 65));
          String text = "whsec_" + Base64.getEncoder().encodeToString(key);

          Map<String, List<String>> request =
              Judges.request(Signer.of(List.of(Secrets.accepted(text))));

          assertThat(request.getOrDefault("webhook-signature", List.of()))
              .singleElement()
              .asString()
              .matches(ITEM);
          assertThat(Judges.accept(text, request)).as(text).isTrue();
        });
  }

  @Test
  void everyHeaderHasDistinctItemsWithOneSpaceBetween() {
    Cases.check(
        2_000,
        random -> {
          List<SigningSecret> secrets =
              IntStream.rangeClosed(0, random.nextInt(3))
                  .mapToObj(each -> Secrets.accepted(Cases.text(random)))
                  .toList();

          String header = Signer.of(secrets).sign("m", 1, Cases.bytes(random, 20));

          assertThat(header).matches(ITEM + "( " + ITEM + ")*");
          assertThat(header.split(" ")).doesNotHaveDuplicates();
        });
  }
}
