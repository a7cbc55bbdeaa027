package dev.posthorn.notice;

import dev.posthorn.db.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where mail is handed in.
 *
 * @param implicitTls whether the connection begins with TLS; else it is upgraded with STARTTLS when
 *     the server offers it, and must be when there is a password to send
 */
public record SmtpServer(String host, int port, boolean implicitTls, Optional<Login> login) {
  private static final int SUBMISSION = 587; // RFC 6409
  private static final int SUBMISSIONS = 465; // RFC 8314

  /** Who hands it in. */
  public record Login(String user, Secret password) {}

  /**
   * Reads {@code smtp://user:password@host:port} or {@code smtps://…}; user and port may be left
   * out, reserved characters are percent-encoded.
   *
   * @throws IllegalArgumentException in words that do not repeat the text, for it may have a
   *     password
   */
  public static SmtpServer parse(String text) {
    try {
      URI uri = new URI(text);
      boolean tls = "smtps".equalsIgnoreCase(uri.getScheme());
      boolean known = tls || "smtp".equalsIgnoreCase(uri.getScheme());
      String rest = uri.getRawPath() == null ? "" : uri.getRawPath();
      if (known && uri.getHost() != null && (rest.isEmpty() || rest.equals("/"))) {
        int usual = tls ? SUBMISSIONS : SUBMISSION;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        return new SmtpServer(uri.getHost(), port, tls, login(uri.getRawUserInfo()));
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "must be smtp:// or smtps:// and a host, as smtp://mail:587");
  }

  private static Optional<Login> login(@org.jspecify.annotations.Nullable String userInfo) {
    if (userInfo == null) {
      return Optional.empty();
    }
    int colon = userInfo.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("must have a password behind its user");
    }
    return Optional.of(
        new Login(
            decoded(userInfo.substring(0, colon)),
            new Secret(decoded(userInfo.substring(colon + 1)))));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  String protocol() {
    return implicitTls ? "smtps" : "smtp";
  }
}
