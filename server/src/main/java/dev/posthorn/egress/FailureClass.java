package dev.posthorn.egress;

/** Why a request got no answer: a closed set, so that it can be stored, counted and explained. */
public enum FailureClass {
  /**
   * The policy does not allow the target. The sentence is the same for every such target, so that
   * nobody can use it to find out what there is in our network.
   */
  BLOCKED_ADDRESS("The target is not a public address."),
  /** The name does not exist, or has no addresses. */
  DNS_NOT_FOUND("The host name does not exist."),
  /** The name servers did not answer in time. */
  DNS_TIMEOUT("Looking up the host name took too long."),
  /** The name servers answered with an error, or there are too many look-ups waiting. */
  DNS_FAILED("The host name could not be looked up."),
  /** Nobody listens on the port. */
  CONNECT_REFUSED("The connection was refused."),
  /** Nothing came back to our connection attempt. */
  CONNECT_TIMEOUT("Connecting took too long."),
  /** There is no way to the address, or another network error. */
  CONNECT_FAILED("The connection could not be opened."),
  /** The certificate is self-signed, or issued by an authority that we do not know. */
  TLS_UNTRUSTED("The TLS certificate is not issued by a known authority."),
  /** The certificate is no longer, or not yet, valid. */
  TLS_EXPIRED("The TLS certificate is not valid at this time."),
  /** The certificate is for another name. */
  TLS_WRONG_NAME("The TLS certificate is for another host name."),
  /** The receiver speaks neither TLS 1.2 nor 1.3. */
  TLS_VERSION("The receiver does not support TLS 1.2 or 1.3."),
  /** The handshake did not go on. */
  TLS_TIMEOUT("The TLS handshake took too long."),
  /** Any other TLS error: not TLS at all, no common cipher, a client certificate demanded. */
  TLS_FAILED("The TLS connection failed."),
  /** The connection ended, in order or not, before the whole answer had come. */
  CONNECTION_CLOSED("The connection was closed before the answer was complete."),
  /** The whole exchange took longer than it may. */
  DEADLINE("The answer was not complete within the time limit."),
  /** What came back is not an HTTP/1.1 answer to one request. */
  PROTOCOL_ERROR("The answer was not valid HTTP/1.1."),
  /** Our own side gave up: the client was closed or the thread interrupted. */
  CANCELLED("The attempt was abandoned because the sender is shutting down."),
  /** A fault within Posthorn. */
  INTERNAL_ERROR("The attempt failed because of an error within Posthorn.");

  private final String sentence;

  FailureClass(String sentence) {
    this.sentence = sentence;
  }

  /** One sentence for people; never holds text that came from the receiver. */
  public String sentence() {
    return sentence;
  }
}
