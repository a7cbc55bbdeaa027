package dev.posthorn.signing;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A secret that sender and receiver share, for {@code v1} signatures (HMAC-SHA256).
 *
 * <p>{@code whsec_} and base64 of {@value #MIN_KEY_BYTES} to {@value #MAX_KEY_BYTES} bytes stands
 * for exactly those bytes. Libraries disagree about every other text, so it stands for each of the
 * keys that {@link KeyReadings} finds in it, and every request carries one signature for each.
 */
public record SharedSecret(String text) implements SigningSecret {

  static final String PREFIX = "whsec_";

  private static final int MIN_KEY_BYTES = 24;
  private static final int MAX_KEY_BYTES = 64;
  private static final int GENERATED_KEY_BYTES = 32;

  private static final String AMBIGUOUS =
      "The secret is not \"whsec_\" and base64 of 24 to 64 bytes. It is used as given: requests carry"
          + " a signature for each way in which libraries read such a text, as base64 and as UTF-8"
          + " bytes; a library that refuses it cannot verify them.";
  private static final String NOT_CANONICAL =
      "The secret's base64 is not padded with \"=\" in the standard way; strict libraries refuse to"
          + " read it.";

  /** Refuses what {@link SigningSecret#parse} refuses. */
  public SharedSecret {
    SecretText.check(text);
  }

  static SharedSecret generate(RandomGenerator random) {
    byte[] key = new byte[GENERATED_KEY_BYTES];
    random.nextBytes(key);
    return new SharedSecret(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  /** The keys to sign with, at least one, none twice, in the order of their signatures. */
  List<byte[]> keys() {
    return exactKey().map(List::of).orElseGet(() -> KeyReadings.of(withoutPrefix(), text));
  }

  Optional<String> warning() {
    return exactKey()
        .map(key -> isCanonical(key) ? Optional.<String>empty() : Optional.of(NOT_CANONICAL))
        .orElse(Optional.of(AMBIGUOUS));
  }

  @Override
  public String toString() {
    return "SharedSecret[hidden]";
  }

  private Optional<byte[]> exactKey() {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getDecoder().decode(withoutPrefix());
      boolean inRange = key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES;
      return inRange ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private boolean isCanonical(byte[] key) {
    return Base64.getEncoder().encodeToString(key).equals(withoutPrefix());
  }

  private String withoutPrefix() {
    return text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
  }
}
