package dev.posthorn.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;

/** One request and its response on a connection that stands, within the limits of what is read. */
final class Conversation {

  /** Bodies up to this size go out with their head in one write. */
  private static final int ONE_WRITE_BYTES = 16 * 1_024;

  private final EgressSettings settings;
  private final Connection connection;
  private final Flight flight;
  private final long receivedBefore;

  Conversation(EgressSettings settings, Connection connection, Flight flight) {
    this.settings = settings;
    this.connection = connection;
    this.flight = flight;
    this.receivedBefore = connection.received();
  }

  /** Whether the other side has not said a single byte yet. */
  boolean isUnanswered() {
    return connection.received() == receivedBefore;
  }

  /** Writes the request and reads the response as far as the limit allows. */
  Response run(OutboundRequest request) throws IOException, HttpException {
    write(request);
    ResponseHead head = finalHead();
    return read(head, connection.body(head));
  }

  /**
   * A response as far as it was read.
   *
   * @param reusable whether the connection is at the beginning of the next one
   */
  record Response(ResponseHead head, ResponseCapture capture, boolean reusable) {}

  private void write(OutboundRequest request) throws IOException {
    HeadWriter head = connection.newHead();
    head.add("POST ").add(request.url().requestTarget()).add(" HTTP/1.1\r\nHost: ");
    head.add(request.url().authority()).add("\r\n");
    for (Header header : request.headers()) {
      head.add(header.name()).add(": ").add(header.value()).add("\r\n");
    }
    byte[] body = request.body();
    head.add("Content-Length: ").add(Integer.toString(body.length)).add("\r\n\r\n");
    if (body.length <= ONE_WRITE_BYTES) {
      head.add(body);
      connection.write(head);
    } else {
      connection.write(head);
      connection.write(body);
    }
  }

  /** Interim responses are skipped; we never ask for another protocol, so 101 is none. */
  private ResponseHead finalHead() throws IOException, HttpException {
    while (true) {
      ResponseHead head = connection.readHead(settings.readLimit());
      flight.answers();
      if (!head.isInterim()) {
        return head;
      }
      if (head.status() == 101) {
        throw new ProtocolException("unasked switch of protocols");
      }
      if (isReadEnough()) {
        throw new MessageConstraintException("too many interim responses");
      }
    }
  }

  private boolean isReadEnough() {
    return connection.received() - receivedBefore > settings.readLimit();
  }

  private Response read(ResponseHead head, InputStream body) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(32);
    byte[] chunk = connection.scratch();
    boolean more = false;
    boolean ended = false;
    while (!ended && !isReadEnough()) {
      int count = body.read(chunk);
      ended = count < 0;
      int room = settings.keepLimit() - kept.size();
      kept.write(chunk, 0, Math.clamp(count, 0, room));
      more |= count > room;
    }
    boolean reusable = ended && !connection.hasLeftovers() && head.allowsAnotherRequest();
    return new Response(head, capture(head.raw(), kept.toByteArray(), more || !ended), reusable);
  }

  private ResponseCapture capture(byte[] head, byte[] body, boolean bodyTruncated) {
    boolean headTruncated = head.length > settings.keepLimit();
    byte[] keptHead = headTruncated ? Arrays.copyOf(head, settings.keepLimit()) : head;
    return new ResponseCapture(keptHead, body, headTruncated, bodyTruncated);
  }
}
