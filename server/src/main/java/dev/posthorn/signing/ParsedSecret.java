package dev.posthorn.signing;

import java.util.Optional;

/** What became of a text that was given as a secret. */
public sealed interface ParsedSecret {

  /**
   * The text is a secret.
   *
   * @param warning a sentence for the customer when some library cannot read such a secret
   */
  record Accepted(SigningSecret secret, Optional<String> warning) implements ParsedSecret {}

  /**
   * The text cannot be a secret.
   *
   * @param code {@code too_short}, {@code too_long}, {@code control_character} or {@code
   *     invalid_unicode}
   * @param message a sentence for the customer; never contains the text
   */
  record Refused(String code, String message) implements ParsedSecret {}
}
