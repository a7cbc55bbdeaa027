package dev.posthorn.egress;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a customer's URL once, with one parser, and says whether it may be a target.
 *
 * <p>What is accepted is stored and sent in the canonical form of {@link TargetUrl}, so that no
 * second parser can read another host into it. Names are not looked up here: see {@link
 * GuardedHttpClient#check}.
 */
public final class UrlRule {

  /** The longest URL that is read, in characters. */
  public static final int MAX_LENGTH = 2_048;

  private final EgressPolicy policy;
  private final AddressRules addresses;
  private final Optional<Origin> own;

  /** A rule for this policy. */
  public UrlRule(EgressPolicy policy) {
    this.policy = policy;
    this.addresses = new AddressRules(policy.allow());
    this.own = Optional.ofNullable(policy.ownOrigin()).map(UrlRule::originOf);
  }

  /** What became of a URL. */
  public sealed interface Result {}

  /**
   * The URL may be a target, as far as can be said without looking its host up.
   *
   * @param url what to store and to send to
   */
  public record Accepted(TargetUrl url) implements Result {}

  /**
   * The URL is no target.
   *
   * @param code stable: {@code invalid_url}, {@code too_long}, {@code unsupported_scheme}, {@code
   *     credentials_in_url}, {@code https_required}, {@code denied_port}, {@code own_address} or
   *     {@code private_address}
   * @param message one sentence for the customer; the same for every target that is not public
   */
  public record Refused(String code, String message) implements Result {}

  /** Reads a URL; the text may be anything at all. */
  public Result check(String text) {
    if (text.length() > MAX_LENGTH) {
      return new Refused("too_long", "The URL is longer than " + MAX_LENGTH + " characters.");
    }
    return switch (schemeOf(text)) {
      case "" -> invalid();
      case "http", "https" -> checkWeb(text);
      default -> new Refused("unsupported_scheme", "The URL must begin with https:// or http://.");
    };
  }

  private Result checkWeb(String text) {
    return parse(text)
        .map(uri -> uri.getRawAuthority().indexOf('@') >= 0 ? credentials() : checkHost(uri))
        .orElseGet(UrlRule::invalid);
  }

  private Result checkHost(URI uri) {
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      return invalid();
    }
    return TargetHost.parse(uri.getHost())
        .map(host -> checkTarget(target(uri, host)))
        .orElseGet(UrlRule::invalid);
  }

  private Result checkTarget(TargetUrl url) {
    Optional<Refused> refusal = refusal(url);
    return refusal.isPresent() ? refusal.get() : new Accepted(url);
  }

  /**
   * Why this policy does not allow a URL that was read under another one; empty if it does. Cheap
   * enough for every request.
   */
  Optional<Refused> refusal(TargetUrl url) {
    if (policy.httpsOnly() && !url.origin().tls()) {
      return Optional.of(new Refused("https_required", "The URL must begin with https://."));
    }
    if (own.isPresent() && isOwn(url, own.get())) {
      return Optional.of(new Refused("own_address", "The URL points back to this service."));
    }
    if (policy.deniedPorts().contains(url.port())) {
      return Optional.of(
          new Refused("denied_port", "Port " + url.port() + " may not be a webhook's."));
    }
    return isNear(url)
        ? Optional.of(new Refused("private_address", FailureClass.BLOCKED_ADDRESS.sentence()))
        : Optional.empty();
  }

  private boolean isNear(TargetUrl url) {
    Optional<InetAddress> literal = url.literal();
    return literal.isPresent()
        ? !addresses.allowed(literal.get())
        : TargetHost.isLocalName(url.host());
  }

  /** By host and port: whoever listens there answers on both schemes, or on neither. */
  private static boolean isOwn(TargetUrl url, Origin own) {
    return url.host().equals(own.host()) && url.port() == own.port();
  }

  private static TargetUrl target(URI uri, TargetHost host) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    boolean tls = uri.getScheme().equalsIgnoreCase("https");
    return new TargetUrl(
        new Origin(tls, host.name(), portOf(uri, tls)), host.literal(), path + query);
  }

  private static int portOf(URI uri, boolean tls) {
    return uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
  }

  private static Origin originOf(URI uri) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    String host = uri.getHost() == null ? "" : uri.getHost();
    String name = TargetHost.parse(host).map(TargetHost::name).orElse(host);
    return new Origin(tls, name, portOf(uri, tls));
  }

  /** Empty unless every character is visible ASCII and the text names an authority. */
  private static Optional<URI> parse(String text) {
    if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      return uri.getRawAuthority() == null ? Optional.empty() : Optional.of(uri);
    } catch (URISyntaxException notOne) {
      return Optional.empty();
    }
  }

  /** The scheme in lower case; empty if there is none (RFC 3986, 3.1). */
  private static String schemeOf(String text) {
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    return scheme.matches("[a-z][a-z0-9+.-]*") ? scheme : "";
  }

  private static Refused invalid() {
    return new Refused(
        "invalid_url",
        "The URL must be absolute and in ASCII: names in their xn-- form, the rest percent-encoded.");
  }

  private static Refused credentials() {
    return new Refused("credentials_in_url", "The URL must not contain a user name or password.");
  }
}
