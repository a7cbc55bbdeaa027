package dev.posthorn.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/**
 * One HTTP/1.1 connection, used by one thread at a time. What is read is counted, so that limits
 * hold for the bytes of the wire and not only for what they mean.
 */
final class Connection {

  private static final int BUFFER_BYTES = 4 * 1_024;
  private static final int MAX_LINE_BYTES = 8 * 1_024;
  private static final int SCRATCH_BYTES = 2 * 1_024;

  /** Also bounds the trailers behind a chunked body. */
  private static final Http1Config CHUNKS =
      Http1Config.custom().setMaxLineLength(MAX_LINE_BYTES).setMaxHeaderCount(32).build();

  /** Shorter pauses are not worth the millisecond that asking the connection costs. */
  private static final long PROBE_AFTER_NANOS = 200_000_000L;

  private final Origin origin;
  private final Socket base;
  private final InputStream in;
  private final OutputStream out;
  private final BasicHttpTransportMetrics received = new BasicHttpTransportMetrics();
  private final SessionInputBufferImpl buffer =
      new SessionInputBufferImpl(received, BUFFER_BYTES, -1, MAX_LINE_BYTES, null);
  private final HeadReader heads;
  private final HeadWriter head = new HeadWriter();
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private long idleSinceNanos;

  /**
   * @param base the TCP socket
   * @param stream the same, or the TLS socket around it
   */
  Connection(Origin origin, Socket base, Socket stream) throws IOException {
    this.origin = origin;
    this.base = base;
    this.in = stream.getInputStream();
    this.out = stream.getOutputStream();
    this.heads = new HeadReader(buffer, in);
  }

  Origin origin() {
    return origin;
  }

  Socket socket() {
    return base;
  }

  /** Bytes received since the connection was opened; within TLS, what they carried. */
  long received() {
    return received.getBytesTransferred();
  }

  /** Where to gather the next request; the last one's is gone. */
  HeadWriter newHead() {
    return head.begin();
  }

  void write(HeadWriter gathered) throws IOException {
    gathered.writeTo(out);
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Room to read into; what is in it is not kept. */
  byte[] scratch() {
    return scratch;
  }

  ResponseHead readHead(int maxBytes) throws IOException, HttpException {
    return heads.read(maxBytes);
  }

  /** The body that the head announces; ends where it ends. Not to be closed: that reads it all. */
  InputStream body(ResponseHead head) throws HttpException {
    if (!head.hasBody()) {
      return InputStream.nullInputStream();
    }
    long length = DefaultContentLengthStrategy.INSTANCE.determineLength(head.message());
    if (length >= 0) {
      return new ContentLengthInputStream(buffer, in, length);
    }
    return length == ContentLengthStrategy.CHUNKED
        ? new ChunkedInputStream(buffer, in, CHUNKS)
        : new IdentityInputStream(buffer, in);
  }

  /** Whether bytes came behind the response: they would be taken for the answer to the next. */
  boolean hasLeftovers() {
    return buffer.length() > 0;
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  long idleSince() {
    return idleSinceNanos;
  }

  /** Whether the other side has neither ended the connection nor said anything unasked. */
  boolean isUsable(long nowNanos) {
    try {
      return nowNanos - idleSinceNanos < PROBE_AFTER_NANOS
          ? base.getInputStream().available() == 0
          : isSilent();
    } catch (IOException dead) {
      return false;
    }
  }

  private boolean isSilent() throws IOException {
    base.setSoTimeout(1);
    try {
      base.getInputStream().read(); // a byte or the end: no use for either
      return false;
    } catch (SocketTimeoutException alive) {
      base.setSoTimeout(0);
      return true;
    }
  }

  /** Of the TCP socket: saying good-bye in TLS could block, and nothing follows that needs it. */
  void close() {
    try {
      base.close();
    } catch (IOException ignored) {
      return; // it is being thrown away
    }
  }
}
