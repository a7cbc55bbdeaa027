package dev.posthorn.notice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A mail server on loopback that answers each line as it is told; one that is told nothing hangs.
 */
final class ScriptedSmtpServer implements AutoCloseable {
  static final String SILENCE = "";
  static final String CONNECTED = "(connected)";

  private final ServerSocket socket;
  private final UnaryOperator<String> answers;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /**
   * @param answers to each line, and to {@link #CONNECTED}
   */
  ScriptedSmtpServer(UnaryOperator<String> answers) {
    this.answers = answers;
    try {
      this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.startVirtualThread(this::acceptUntilClosed);
  }

  String url() {
    return "smtp://127.0.0.1:" + socket.getLocalPort();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  private void acceptUntilClosed() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.startVirtualThread(() -> talk(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void talk(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      say(connection.getOutputStream(), CONNECTED);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        say(connection.getOutputStream(), line);
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private void say(OutputStream out, String to) throws IOException {
    String answer = answers.apply(to);
    if (!answer.equals(SILENCE)) {
      out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
