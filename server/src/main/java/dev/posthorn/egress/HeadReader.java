package dev.posthorn.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.http.message.StatusLine;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads response heads, keeps them as they came, and understands of them only what frames the
 * message: what is not understood cannot be misused.
 */
final class HeadReader {

  private static final Set<String> UNDERSTOOD =
      Set.of(
          "content-length", "transfer-encoding", "connection", "proxy-connection", "retry-after");

  private static final int LONGEST_UNDERSTOOD = 18;

  private final SessionInputBuffer buffer;
  private final InputStream in;
  private final CharArrayBuffer line = new CharArrayBuffer(128);

  HeadReader(SessionInputBuffer buffer, InputStream in) {
    this.buffer = buffer;
    this.in = in;
  }

  /**
   * Reads one head, final or interim.
   *
   * @throws NoHttpResponseException if the connection ends before its first byte
   * @throws ConnectionClosedException if it ends before the empty line
   * @throws MessageConstraintException if the head, or one line, is too long
   */
  ResponseHead read(int maxBytes) throws IOException, HttpException {
    if (!readLine()) {
      throw new NoHttpResponseException("no response");
    }
    ByteArrayOutputStream raw = new ByteArrayOutputStream(512);
    capture(raw, maxBytes);
    BasicHttpResponse message = statusLine();
    boolean understood = false;
    while (true) {
      if (!readLine()) {
        throw new ConnectionClosedException();
      }
      if (line.isEmpty()) {
        return new ResponseHead(message, raw.toByteArray());
      }
      capture(raw, maxBytes);
      understood = header(message, understood);
    }
  }

  private boolean readLine() throws IOException {
    line.clear();
    return buffer.readLine(line, in) >= 0;
  }

  /** The buffer makes one character of each byte: this turns them back. */
  private void capture(ByteArrayOutputStream raw, int maxBytes) throws IOException {
    if (raw.size() + line.length() > maxBytes) {
      throw new MessageConstraintException("response head too long");
    }
    for (int i = 0; i < line.length(); i++) {
      raw.write(line.charAt(i));
    }
    raw.write('\r');
    raw.write('\n');
  }

  private BasicHttpResponse statusLine() throws HttpException {
    StatusLine status = BasicLineParser.INSTANCE.parseStatusLine(line);
    int code = status.getStatusCode();
    if (code < 100 || code > 599 || status.getProtocolVersion().getMajor() != 1) {
      throw new ProtocolException("not an HTTP/1.1 status");
    }
    BasicHttpResponse message = new BasicHttpResponse(code);
    message.setVersion(status.getProtocolVersion());
    return message;
  }

  /** Returns whether the header was one to understand, so that a folded line cannot extend it. */
  private boolean header(BasicHttpResponse message, boolean previousUnderstood)
      throws ProtocolException {
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      if (previousUnderstood) {
        throw new ProtocolException("folded framing header");
      }
      return false;
    }
    int colon = line.indexOf(':');
    if (colon < 1 || colon > LONGEST_UNDERSTOOD) {
      return false;
    }
    return header(message, line.substring(0, colon).toLowerCase(Locale.ROOT), colon);
  }

  private boolean header(BasicHttpResponse message, String name, int colon)
      throws ProtocolException {
    if (UNDERSTOOD.contains(name)) {
      message.addHeader(name, line.substringTrimmed(colon + 1, line.length()));
      return true;
    }
    if (UNDERSTOOD.contains(name.strip())) {
      throw new ProtocolException("space in the name of a framing header"); // RFC 9112, 5.1
    }
    return false;
  }
}
