package dev.posthorn.signing;

/** Secrets by their texts. */
final class Secrets {

  private Secrets() {}

  static SigningSecret accepted(String text) {
    return switch (SigningSecret.parse(text)) {
      case ParsedSecret.Accepted accepted -> accepted.secret();
      case ParsedSecret.Refused refused ->
          throw new AssertionError("\"%s\" is refused: %s".formatted(text, refused.message()));
    };
  }
}
