package dev.posthorn.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection from Posthorn: reads whole requests and answers them. */
final class ReceiverConnection {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] CREATED =
      "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] FAILED =
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
  private static final int PATH_AT = "POST /".length();

  private final SocketChannel channel;
  private final ReceiverLog log;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);

  ReceiverConnection(SocketChannel channel, ReceiverLog log) {
    this.channel = channel;
    this.log = log;
  }

  /** Returns false when the sender has closed it. */
  boolean read() throws IOException {
    if (channel.read(in) < 0) {
      return false;
    }
    if (!in.hasRemaining()) {
      throw new IOException("the request is longer than " + in.capacity() + " bytes");
    }
    int headEnd = headEnd();
    if (headEnd < 0) {
      return true;
    }
    int bodyLength = LoadConnection.contentLength(in.array(), headEnd);
    if (in.position() >= headEnd + bodyLength) {
      in.clear();
      answer(headEnd);
    }
    return true;
  }

  private void answer(int headEnd) throws IOException {
    byte[] bytes = in.array();
    switch (log.add(path(bytes), sentAt(bytes, headEnd))) {
      case OK -> channel.write(ByteBuffer.wrap(OK));
      case CREATED -> channel.write(ByteBuffer.wrap(CREATED));
      case FAILED -> channel.write(ByteBuffer.wrap(FAILED));
      case NOTHING -> {}
    }
  }

  private int headEnd() {
    byte[] bytes = in.array();
    for (int at = 3; at < in.position(); at++) {
      if (bytes[at] == '\n' && bytes[at - 2] == '\n') {
        return at + 1;
      }
    }
    return -1;
  }

  private static String path(byte[] bytes) {
    int end = PATH_AT;
    while (bytes[end] != ' ') {
      end++;
    }
    return new String(bytes, PATH_AT, end - PATH_AT, US_ASCII);
  }

  /** The moment in the payload; 0 when it has none. */
  private static long sentAt(byte[] bytes, int bodyAt) {
    if (bytes[bodyAt + 2] != 't') {
      return 0;
    }
    long nanos = 0;
    for (int at = bodyAt + 6; at < bodyAt + 6 + Requests.DIGITS; at++) {
      nanos = nanos * 10 + bytes[at] - '0';
    }
    return nanos;
  }
}
