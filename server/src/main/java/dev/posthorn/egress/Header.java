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
    if (name.isEmpty() || !name.chars().allMatch(Header::isTokenCharacter)) {
      throw new IllegalArgumentException("not a header name of " + name.length() + " characters");
    }
    if (!value.chars().allMatch(Header::isValueCharacter)) {
      throw new IllegalArgumentException("illegal character in the value of header " + name);
    }
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  private static boolean isValueCharacter(int c) {
    return c == '\t' || (c >= ' ' && c <= '~') || (c >= 0xa0 && c <= 0xff);
  }
}
