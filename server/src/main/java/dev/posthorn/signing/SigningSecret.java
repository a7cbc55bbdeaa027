package dev.posthorn.signing;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a webhook's requests are signed with: a shared secret ({@code v1}, HMAC-SHA256) or a key
 * pair ({@code v1a}, Ed25519).
 *
 * <p>{@code toString} never shows the text.
 */
public sealed interface SigningSecret permits SharedSecret, SigningKeyPair {

  /** The longest text that is accepted, in Unicode code points. */
  int MAX_CHARACTERS = 512;

  /** The secret as the customer configures it in a library; also the form to store, sealed. */
  String text();

  /**
   * What may be shown to recognise the secret by: {@code whsec_…3kf9}, without an end if it is
   * short.
   */
  default String hint() {
    return SecretText.hint(text());
  }

  /** A new shared secret, {@code whsec_} and 32 bytes; {@code random} must be unpredictable. */
  static SharedSecret generate(RandomGenerator random) {
    return SharedSecret.generate(random);
  }

  /**
   * Reads what a customer, or a stored row, gives as a secret.
   *
   * <p>{@code whsk_} with a sound Ed25519 pair is a {@link SigningKeyPair}; every other text of 1
   * to {@value #MAX_CHARACTERS} code points without control characters or lone surrogates is a
   * {@link SharedSecret}, with a warning when some library may not read it.
   */
  static ParsedSecret parse(String text) {
    Optional<ParsedSecret.Refused> fault = SecretText.fault(text);
    if (fault.isPresent()) {
      return fault.get();
    }
    Optional<SigningKeyPair> pair = SigningKeyPair.read(text);
    if (pair.isPresent()) {
      return new ParsedSecret.Accepted(pair.get(), Optional.empty());
    }
    SharedSecret shared = new SharedSecret(text);
    return new ParsedSecret.Accepted(shared, shared.warning());
  }
}
