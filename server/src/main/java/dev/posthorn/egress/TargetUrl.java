package dev.posthorn.egress;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL that a {@link UrlRule} has read and accepted, in its one canonical form.
 *
 * <p>Scheme and host are in lower case, a default port and the fragment are gone, and an empty path
 * is {@code /}; path and query are the bytes that the customer wrote. Not a record, so that nobody
 * but the rule can make one.
 */
public final class TargetUrl {

  private final Origin origin;
  private final @Nullable InetAddress literal;
  private final String authority;
  private final String requestTarget;
  private final String text;

  TargetUrl(Origin origin, @Nullable InetAddress literal, String requestTarget) {
    this.origin = origin;
    this.literal = literal;
    this.authority = origin.authority();
    this.requestTarget = requestTarget;
    this.text = origin.scheme() + "://" + authority + requestTarget;
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return origin.scheme();
  }

  /** The canonical host name, or the address without brackets. */
  public String host() {
    return origin.host();
  }

  /** The port that is connected to, 1–65535, also where the text leaves it out. */
  public int port() {
    return origin.port();
  }

  /** Path and query, as the request line carries them. */
  public String requestTarget() {
    return requestTarget;
  }

  Origin origin() {
    return origin;
  }

  String authority() {
    return authority;
  }

  /** The address, where the host is one and no name has to be looked up. */
  Optional<InetAddress> literal() {
    return Optional.ofNullable(literal);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TargetUrl that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The canonical text: what is stored, shown and read again. */
  @Override
  public String toString() {
    return text;
  }
}
