package dev.posthorn.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A kept connection to the API with at most one request on its way. */
final class LoadConnection {
  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
  private ByteBuffer out = ByteBuffer.allocate(0);
  private long intendedAt;

  LoadConnection(InetSocketAddress server, Selector selector) throws IOException {
    this.channel = SocketChannel.open(server);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** When the request on its way was to be sent. */
  long intendedAt() {
    return intendedAt;
  }

  void send(ByteBuffer request, long nanos) throws IOException {
    intendedAt = nanos;
    channel.write(request);
    if (request.hasRemaining()) {
      out = ByteBuffer.allocate(request.remaining()).put(request).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /** Writes what could not be written at once. */
  void writeOn() throws IOException {
    channel.write(out);
    if (!out.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /** Reads; returns the status once the answer is complete, 0 before. */
  int read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed the connection");
    }
    if (!in.hasRemaining()) {
      throw new IOException("the answer is longer than " + in.capacity() + " bytes");
    }
    byte[] bytes = in.array();
    int end = headEnd(bytes, in.position());
    if (end < 0 || in.position() < end + contentLength(bytes, end)) {
      return 0;
    }
    in.clear();
    return Integer.parseInt(new String(bytes, 9, 3, StandardCharsets.US_ASCII));
  }

  /** The beginning of the last answer, for a message. */
  String lastAnswer() {
    return new String(in.array(), 0, 400, StandardCharsets.UTF_8).strip();
  }

  void close() throws IOException {
    channel.close();
  }

  private static int headEnd(byte[] bytes, int limit) {
    for (int at = 3; at < limit; at++) {
      if (bytes[at] == '\n' && bytes[at - 2] == '\n' && bytes[at - 1] == '\r') {
        return at + 1;
      }
    }
    return -1;
  }

  static int contentLength(byte[] bytes, int headEnd) {
    for (int at = 0; at < headEnd - LENGTH.length; at++) {
      if (bytes[at] == '\n' && matches(bytes, at + 1)) {
        return number(bytes, at + 1 + LENGTH.length);
      }
    }
    return 0;
  }

  private static boolean matches(byte[] bytes, int from) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((bytes[from + i] | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] bytes, int from) {
    int value = 0;
    for (int at = from; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      value = value * 10 + bytes[at] - '0';
    }
    return value;
  }
}
