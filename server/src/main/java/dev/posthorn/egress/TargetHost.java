package dev.posthorn.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host of a URL, read so that no two programs can differ about what it names.
 *
 * @param name lower case, without brackets and without the root's full stop
 * @param literal the address, where the name is one
 */
record TargetHost(String name, @Nullable InetAddress literal) {

  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  /** Names that mean this machine or this network everywhere (RFC 6761, RFC 8375, ICANN). */
  private static final List<String> LOCAL_NAMES =
      List.of("localhost", "local", "internal", "home.arpa");

  private static final Pattern DECIMAL_QUAD =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

  /** The last label of anything that some resolver takes for an IPv4 address: 1, 0x7f, 017. */
  private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

  /** Reads what {@link java.net.URI#getHost()} gives; empty if it is no host. */
  static Optional<TargetHost> parse(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.startsWith("[")) {
      return ipv6(lower.substring(1, lower.length() - 1));
    }
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    if (NUMERIC_END.matcher(name).matches()) {
      return ipv4(name);
    }
    return hasLegalLengths(name) ? Optional.of(new TargetHost(name, null)) : Optional.empty();
  }

  /** Zones name an interface of this machine, and mapped addresses are IPv4 in disguise. */
  private static Optional<TargetHost> ipv6(String text) {
    if (text.indexOf('%') >= 0) {
      return Optional.empty();
    }
    return literal(text)
        .filter(Inet6Address.class::isInstance)
        .map(address -> new TargetHost(address.getHostAddress(), address));
  }

  /** Four plain decimal parts: Java reads 0177.0.0.1 as decimal, C reads it as octal. */
  private static Optional<TargetHost> ipv4(String text) {
    if (!DECIMAL_QUAD.matcher(text).matches()) {
      return Optional.empty();
    }
    return literal(text).map(address -> new TargetHost(text, address));
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static boolean hasLegalLengths(String name) {
    return name.length() <= MAX_NAME
        && Pattern.compile("\\.")
            .splitAsStream(name)
            .allMatch(label -> label.length() <= MAX_LABEL);
  }

  /** Whether the name can only mean something near this machine, whatever a resolver says. */
  static boolean isLocalName(String name) {
    return name.indexOf('.') < 0
        || LOCAL_NAMES.stream().anyMatch(local -> name.endsWith("." + local));
  }
}
