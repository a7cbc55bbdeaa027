package dev.posthorn.egress;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One POST request. {@code Host} and {@code Content-Length} are added; nothing else is, so a user
 * agent or a content type is sent only where the caller gives one.
 *
 * @param url where to
 * @param headers in the order in which they are sent
 * @param body the exact bytes; not copied, and not to be changed while the exchange lasts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would cost
public record OutboundRequest(TargetUrl url, List<Header> headers, byte[] body) {

  /** What frames or routes the message belongs to the client alone. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "upgrade",
          "expect");

  /**
   * @throws IllegalArgumentException if a header frames or routes the message
   */
  public OutboundRequest {
    headers = List.copyOf(headers);
    for (Header header : headers) {
      if (RESERVED.contains(header.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("header is set by the client: " + header.name());
      }
    }
  }
}
