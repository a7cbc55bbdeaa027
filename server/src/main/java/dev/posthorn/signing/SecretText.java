package dev.posthorn.signing;

import java.util.Optional;
import java.util.stream.Stream;

/** The rules for a secret as a text, whatever it stands for. */
final class SecretText {

  /** Below this length the last four characters would give too much of the secret away. */
  private static final int SHORTEST_WITH_AN_END = 16;

  private static final int END_CHARACTERS = 4;

  private SecretText() {}

  static Optional<ParsedSecret.Refused> fault(String text) {
    if (text.isEmpty()) {
      return refused("too_short", "The secret is empty; leave it out to have one generated.");
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > SigningSecret.MAX_CHARACTERS) {
      return refused(
          "too_long",
          "The secret has %d characters; at most %d are allowed."
              .formatted(characters, SigningSecret.MAX_CHARACTERS));
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      return refused("control_character", "The secret contains a control character.");
    }
    if (text.codePoints().anyMatch(SecretText::isLoneSurrogate)) {
      return refused("invalid_unicode", "The secret contains half of a surrogate pair.");
    }
    return Optional.empty();
  }

  /** Throws what {@link #fault} finds, for the constructors of secrets. */
  static void check(String text) {
    fault(text)
        .ifPresent(refused -> {
          throw new IllegalArgumentException(refused.message());
        });
  }

  static String hint(String text) {
    String prefix =
        Stream.of(SharedSecret.PREFIX, SigningKeyPair.PREFIX)
            .filter(text::startsWith)
            .findFirst()
            .orElse("");
    boolean tooShort = text.codePointCount(prefix.length(), text.length()) < SHORTEST_WITH_AN_END;
    int end = tooShort ? text.length() : text.offsetByCodePoints(text.length(), -END_CHARACTERS);
    return prefix + "…" + text.substring(end);
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  private static Optional<ParsedSecret.Refused> refused(String code, String message) {
    return Optional.of(new ParsedSecret.Refused(code, message));
  }
}
