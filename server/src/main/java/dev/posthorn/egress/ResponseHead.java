package dev.posthorn.egress;

import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/**
 * A response's status line and headers.
 *
 * @param message the status, and of the headers those that frame the message or ask to wait
 * @param raw all of it, as it came, without the empty line
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ResponseHead(BasicHttpResponse message, byte[] raw) {

  int status() {
    return message.getCode();
  }

  boolean isInterim() {
    return status() < 200;
  }

  /** Some statuses end with the head whatever the headers say (RFC 9112, 6.3). */
  boolean hasBody() {
    return status() != 204 && status() != 304;
  }

  List<String> retryAfter() {
    return message.getHeaders().length == 0
        ? List.of()
        : List.of(message.getHeaders(HttpHeaders.RETRY_AFTER)).stream()
            .map(Header::getValue)
            .toList();
  }

  /** Whether the sender agrees to another request, and its framing leaves no doubt. */
  boolean allowsAnotherRequest() {
    HttpResponse response = message;
    return !(response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
            && response.containsHeader(HttpHeaders.CONTENT_LENGTH))
        && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
            null, response, HttpCoreContext.create());
  }
}
