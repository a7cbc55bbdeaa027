package dev.posthorn.egress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A receiver on a loopback socket that does exactly what its script says, right or wrong, and
 * remembers each request as it came. The script is played once per connection, on a thread of its
 * own; when it returns, or the sender goes away, the connection is closed.
 */
public final class ScriptedReceiver implements AutoCloseable {

  /** What to do on one connection. */
  @FunctionalInterface
  public interface Script {
    void play(Talk talk) throws IOException;
  }

  private final ServerSocket server;
  private final Script script;
  private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ScriptedReceiver(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** On 127.0.0.1 and a free port. */
  public static ScriptedReceiver playing(Script script) {
    return at("127.0.0.1", 0, script);
  }

  /** On a loopback address and port; 0 for a free one. */
  public static ScriptedReceiver at(String address, int port, Script script) {
    return new ScriptedReceiver(listen(ServerSocketFactory.getDefault(), address, port), script);
  }

  /** Speaks TLS with this context's certificate. */
  public static ScriptedReceiver overTls(SSLContext context, Script script) {
    return overTls(context, _ -> {}, script);
  }

  /** The same, with more asked of the handshake. */
  public static ScriptedReceiver overTls(
      SSLContext context, Consumer<SSLServerSocket> asking, Script script) {
    ServerSocket server = listen(context.getServerSocketFactory(), "127.0.0.1", 0);
    asking.accept((SSLServerSocket) server);
    return new ScriptedReceiver(server, script);
  }

  /** Reads request after request and answers each with the same text. */
  public static ScriptedReceiver answering(String response) {
    return playing(always(response));
  }

  /** The script of {@link #answering}. */
  public static Script always(String response) {
    return talk -> {
      while (true) {
        talk.readRequest();
        talk.send(response);
      }
    };
  }

  /** A whole response with an empty body that leaves the connection open. */
  public static String status(int code) {
    return "HTTP/1.1 " + code + " Status\r\nContent-Length: 0\r\n\r\n";
  }

  /** A head of these lines, each with its line end, and the empty line. */
  public static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static ServerSocket listen(ServerSocketFactory factory, String address, int port) {
    try {
      return factory.createServerSocket(port, 1_024, InetAddress.ofLiteral(address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> play(socket, number));
      } catch (IOException closing) {
        return;
      }
    }
  }

  private void play(Socket socket, int number) {
    try (socket) {
      script.play(new Talk(socket, number, requests, closed));
    } catch (IOException senderGone) {
      return; // many scripts end like this
    } finally {
      open.remove(socket);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** {@code http://127.0.0.1:port/hook}, or https. */
  public String url(String scheme) {
    return scheme + "://127.0.0.1:" + port() + "/hook";
  }

  /** The requests that have been read so far, in order of arrival. */
  public List<ReceivedRequest> requests() {
    return List.copyOf(requests);
  }

  /** How many connections have been accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** How many of them are open. */
  public int openConnections() {
    return open.size();
  }

  /** Closes the port and all connections, and wakes the scripts that wait. */
  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A request as it came.
   *
   * @param connection the number of its connection, from 1
   * @param head request line and headers, Latin-1, without the empty line
   * @param arrivedNanos {@link System#nanoTime} when its last byte had been read
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record ReceivedRequest(int connection, String head, byte[] body, long arrivedNanos) {

    public String requestLine() {
      return head.lines().findFirst().orElseThrow();
    }

    /** The values of a header, in order. */
    public List<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .toList();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
