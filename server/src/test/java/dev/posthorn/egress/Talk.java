package dev.posthorn.egress;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One connection, seen from the receiver's script. */
public final class Talk {

  private final Socket socket;
  private final int connection;
  private final List<ScriptedReceiver.ReceivedRequest> requests;
  private final CountDownLatch receiverClosed;

  Talk(
      Socket socket,
      int connection,
      List<ScriptedReceiver.ReceivedRequest> requests,
      CountDownLatch receiverClosed) {
    this.socket = socket;
    this.connection = connection;
    this.requests = requests;
    this.receiverClosed = receiverClosed;
  }

  /** The number of this connection, from 1. */
  public int connection() {
    return connection;
  }

  /**
   * Reads a request with its body, and remembers it.
   *
   * @throws EOFException if the sender closed instead
   */
  public ScriptedReceiver.ReceivedRequest readRequest() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      head.write(b);
      text = b == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
    }
    ScriptedReceiver.ReceivedRequest request = withBody(text.substring(0, text.length() - 4), in);
    requests.add(request);
    return request;
  }

  private ScriptedReceiver.ReceivedRequest withBody(String head, InputStream in)
      throws IOException {
    var headOnly = new ScriptedReceiver.ReceivedRequest(connection, head, new byte[0], 0);
    int length = Integer.parseInt(headOnly.header("content-length").getFirst());
    byte[] body = in.readNBytes(length);
    return new ScriptedReceiver.ReceivedRequest(connection, head, body, System.nanoTime());
  }

  /** Sends the characters as Latin-1 bytes. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends the text again and again until the sender goes away. */
  public void sendForEver(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    while (true) {
      send(bytes);
    }
  }

  /** Sends the text again and again, a byte each pause, until the sender or the receiver closes. */
  public void drip(String text, Duration pause) throws IOException {
    for (int i = 0; !closedWithin(pause); i++) {
      send(text.substring(i % text.length(), i % text.length() + 1));
    }
  }

  /** Waits until the test opens the latch, or the receiver is closed. */
  public void await(CountDownLatch latch) {
    while (latch.getCount() > 0 && !closedWithin(Duration.ofMillis(1))) {
      Thread.onSpinWait();
    }
  }

  /** Says and reads nothing until the receiver is closed. */
  public void stall() throws IOException {
    if (!closedWithin(Duration.ofMinutes(1))) {
      throw new IOException("nobody closed the receiver");
    }
  }

  private boolean closedWithin(Duration time) {
    try {
      return receiverClosed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends the connection with a reset instead of in order. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
