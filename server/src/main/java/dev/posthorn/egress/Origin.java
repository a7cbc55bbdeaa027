package dev.posthorn.egress;

/**
 * Where a connection leads: requests of one origin may share connections.
 *
 * @param host canonical name or address, without brackets
 */
record Origin(boolean tls, String host, int port) {

  String scheme() {
    return tls ? "https" : "http";
  }

  /** The {@code Host} header: the port only where it is not the scheme's own (RFC 9110, 7.2). */
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }
}
