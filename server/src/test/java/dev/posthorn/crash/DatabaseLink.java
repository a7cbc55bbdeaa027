package dev.posthorn.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The network between one node and the database. It can be cut, so that both sides notice, or fall
 * silent, so that nobody does.
 */
final class DatabaseLink implements AutoCloseable {
  private enum State {
    WHOLE,
    CUT,
    SILENT
  }

  private final ServerSocket door;
  private final IntSupplier databasePort;
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private State state = State.WHOLE;

  /**
   * @param databasePort asked anew for each connection: the database may come back elsewhere
   */
  DatabaseLink(IntSupplier databasePort) {
    this.databasePort = databasePort;
    try {
      door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("database-link").daemon().start(this::acceptUntilClosed);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Ends every connection and refuses new ones. */
  synchronized void cut() {
    state = State.CUT;
    wires.forEach(Wire::close);
  }

  /** Loses every byte from now on, in both directions and on new connections too. */
  synchronized void silence() {
    state = State.SILENT;
    wires.forEach(Wire::silence);
  }

  /**
   * Lets new connections through. Those that fell silent stay so: what lies between has forgotten
   * them, and only the database's side, which asks from time to time, has been told.
   */
  synchronized void mend() {
    state = State.WHOLE;
    wires.forEach(Wire::endIfSilent);
  }

  @Override
  public void close() {
    cut();
    closeQuietly(door);
  }

  private void acceptUntilClosed() {
    while (!door.isClosed()) {
      try {
        connect(door.accept());
      } catch (IOException e) {
        // The link is closed, or the database is away: the client has seen it by now.
      }
    }
  }

  private synchronized void connect(Socket client) throws IOException {
    if (state == State.CUT) {
      closeQuietly(client);
      return;
    }
    try {
      Wire wire =
          new Wire(client, new Socket(InetAddress.getLoopbackAddress(), databasePort.getAsInt()));
      wires.add(wire);
      if (state == State.SILENT) {
        wire.silence();
      }
      wire.start();
    } catch (IOException e) {
      closeQuietly(client);
      throw e;
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is to be gone, and is.
    }
  }

  /** One connection, from the node's socket to the database's. */
  private final class Wire {
    private final Socket client;
    private final Socket database;
    private volatile boolean silent;

    private Wire(Socket client, Socket database) throws IOException {
      this.client = client;
      this.database = database;
      client.setTcpNoDelay(true);
      database.setTcpNoDelay(true);
    }

    private void start() {
      Thread.startVirtualThread(() -> carry(client, database, true));
      Thread.startVirtualThread(() -> carry(database, client, false));
    }

    private void carry(Socket from, Socket to, boolean fromClient) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!silent) {
            out.write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        // One side is gone, so the other goes.
      }
      if (!silent) {
        close();
      } else if (fromClient) { // the node gave it up; the database does not hear of that
        closeQuietly(client);
      }
    }

    private void silence() {
      silent = true;
    }

    private void endIfSilent() {
      if (silent) {
        closeQuietly(database);
        wires.remove(this);
      }
    }

    private void close() {
      closeQuietly(client);
      closeQuietly(database);
      wires.remove(this);
    }
  }
}
