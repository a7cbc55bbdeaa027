package dev.posthorn.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket to a server on this machine, for requests that no client library would send. */
final class RawConnection implements AutoCloseable {
  private final Socket socket;

  RawConnection(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  /** Sends text as ISO 8859-1, a byte a character. */
  RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Everything until the server closes; the request should have asked it to. */
  String readToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      for (int read = in.read(); read >= 0; read = in.read()) {
        all.write(read);
      }
    } catch (SocketException reset) {
      // what came before it counts
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** One whole request, answered and closed. */
  static String exchange(int port, byte[] request) {
    try (RawConnection connection = new RawConnection(port)) {
      return connection.send(request).readToEnd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String exchange(int port, String request) {
    return exchange(port, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
