package dev.posthorn.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP port on 127.0.0.1 that nobody listens on. */
final class LoopbackPort {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackPort.class);
  private static final int ANY = 0;

  private LoopbackPort() {}

  /**
   * @param last the one to keep if it is free, so that bookmarks and scripts stay right
   */
  static int free(Optional<Integer> last) throws IOException {
    if (last.isPresent()) {
      try {
        return probe(last.get());
      } catch (IOException e) {
        LOG.info("Port {} is taken now; PostgreSQL gets another", last.get());
      }
    }
    return probe(ANY);
  }

  private static int probe(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
