package dev.posthorn.egress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Opens connections to addresses that have been checked; the name is used for SNI and for the
 * certificate only.
 */
final class Connector {

  /** A name may have thousands of addresses: trying more than these helps nobody. */
  private static final int MAX_TRIED = 4;

  private final SSLContext tls;
  private final int timeoutMillis;

  Connector(SSLContext tls, Duration timeout) {
    this.tls = tls;
    this.timeoutMillis = Math.toIntExact(Math.max(1, timeout.toMillis()));
  }

  /** The flight holds the socket from its first moment, also when this fails. */
  Connection connect(Origin origin, List<InetAddress> addresses, Flight flight)
      throws ExchangeFailure {
    long start = flight.now();
    Socket base = dial(addresses, origin.port(), flight);
    flight.connectTook(start);
    try {
      Socket stream = origin.tls() ? secure(base, origin, flight) : base;
      return new Connection(origin, base, stream);
    } catch (IOException e) {
      closeQuietly(base);
      throw new ExchangeFailure(TlsFailures.classify(e), e);
    }
  }

  /** Tries the addresses in turn; each may use an equal share of the time that is left. */
  private Socket dial(List<InetAddress> addresses, int port, Flight flight) throws ExchangeFailure {
    int tries = Math.min(addresses.size(), MAX_TRIED);
    long endNanos = flight.now() + timeoutMillis * 1_000_000L;
    for (int i = 0; ; i++) {
      long share = (endNanos - flight.now()) / 1_000_000L / (tries - i);
      try {
        return dial(new InetSocketAddress(addresses.get(i), port), (int) share, flight);
      } catch (ExchangeFailure failure) {
        if (i == tries - 1 || flight.isStopped()) {
          throw failure;
        }
      }
    }
  }

  /** Without the proxies that system properties may name: they would connect for us, unchecked. */
  private static Socket dial(InetSocketAddress address, int millis, Flight flight)
      throws ExchangeFailure {
    Socket socket = new Socket(Proxy.NO_PROXY);
    flight.hold(socket);
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, Math.max(1, millis));
      return socket;
    } catch (IOException e) {
      closeQuietly(socket);
      throw new ExchangeFailure(classify(e), e);
    }
  }

  private SSLSocket secure(Socket base, Origin origin, Flight flight) throws IOException {
    long start = flight.now();
    base.setSoTimeout(timeoutMillis);
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(base, origin.host(), origin.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    base.setSoTimeout(0); // the exchange's own deadline takes over
    flight.tlsTook(start);
    return secured;
  }

  private static FailureClass classify(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return FailureClass.CONNECT_TIMEOUT;
    }
    String message = String.valueOf(e.getMessage());
    return e instanceof ConnectException && message.contains("refused")
        ? FailureClass.CONNECT_REFUSED
        : message.contains("timed out")
            ? FailureClass.CONNECT_TIMEOUT
            : FailureClass.CONNECT_FAILED;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      return; // it is being thrown away
    }
  }
}
