package dev.posthorn.egress;

/**
 * One header line of a request.
 *
 * @param name a token (RFC 9110, 5.6.2)
 * @param value visible ASCII, Latin-1, spaces and tabs
 */
public record Header(String name, String value) {

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  /**
   * @throws IllegalArgumentException if the line would not be one header
   */
  public Header {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a header name of " + name.length() + " characters");
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException("illegal character in the value of header " + name);
    }
  }

  private static boolean isName(String name) {
    for (int at = 0; at < name.length(); at++) {
      if (!isTokenCharacter(name.charAt(at))) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isValue(String value) {
    for (int at = 0; at < value.length(); at++) {
      if (!isValueCharacter(value.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  private static boolean isValueCharacter(char c) {
    return c == '\t' || (c >= ' ' && c <= '~') || (c >= 0xa0 && c <= 0xff);
  }
}
