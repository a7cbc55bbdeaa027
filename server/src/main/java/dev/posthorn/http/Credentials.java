package dev.posthorn.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;

/**
 * Finds the caller by the {@code Authorization} header: {@code Bearer <key>}, or the bare key.
 * Never by anything in the query, which ends up in logs.
 */
final class Credentials {
  // A key is far shorter; longer ones are not worth hashing.
  private static final int LONGEST_KEY = 256;

  private final Authenticator authenticator;

  Credentials(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /**
   * The caller of a request.
   *
   * @throws ProblemException 401 when there is no key, more than one, or a wrong one
   */
  Caller caller(ServerRequestHeaders headers) {
    if (!headers.contains(HeaderNames.AUTHORIZATION)) {
      throw unauthorized("Send the API key as \"Authorization: Bearer <key>\".", "");
    }
    List<String> values = headers.get(HeaderNames.AUTHORIZATION).allValues();
    if (values.size() != 1) {
      throw unauthorized("Authorization is sent more than once.", "invalid_request");
    }
    return key(values.getFirst().strip())
        .flatMap(authenticator::authenticate)
        .orElseThrow(() -> unauthorized("The API key is unknown or revoked.", "invalid_token"));
  }

  private static Optional<String> key(String value) {
    int space = value.indexOf(' ');
    if (space < 0) {
      return Optional.of(value).filter(Credentials::isPlausible);
    }
    if (!value.substring(0, space).equalsIgnoreCase("Bearer")) {
      throw unauthorized("The scheme must be Bearer.", "invalid_request");
    }
    return Optional.of(value.substring(space + 1).strip()).filter(Credentials::isPlausible);
  }

  private static boolean isPlausible(String key) {
    return !key.isEmpty() && key.length() <= LONGEST_KEY && key.indexOf(' ') < 0;
  }

  private static ProblemException unauthorized(String detail, String error) {
    String challenge = "Bearer realm=\"posthorn\"";
    return Problem.of(ProblemType.UNAUTHORIZED, detail)
        .with(
            "WWW-Authenticate",
            error.isEmpty() ? challenge : challenge + ", error=\"" + error + '"')
        .exception();
  }
}
