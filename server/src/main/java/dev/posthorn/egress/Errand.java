package dev.posthorn.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * The way of one request: a kept connection if there is one, else look up, check, connect; then ask
 * the gate, write, and read the answer.
 */
final class Errand {

  /** What all errands of a client share. */
  record Parts(
      EgressSettings settings, Targets targets, Connector connector, ConnectionPool pool) {}

  private final Parts parts;
  private final OutboundRequest request;
  private final WriteGate gate;
  private final Flight flight;

  Errand(Parts parts, OutboundRequest request, WriteGate gate, Flight flight) {
    this.parts = parts;
    this.request = request;
    this.gate = gate;
    this.flight = flight;
  }

  Exchange run() throws ExchangeFailure {
    parts.targets().demandAllowed(request.url());
    Optional<Exchange> done = overKeptConnection();
    return done.isPresent() ? done.get() : overNewConnection();
  }

  /** Empty if there is no connection, or it turned out to be dead before anything came back. */
  private Optional<Exchange> overKeptConnection() throws ExchangeFailure {
    parts.pool().enter(flight);
    try {
      Connection kept = parts.pool().takeIdle(request.url().origin(), flight.now());
      return kept == null ? Optional.empty() : over(kept);
    } finally {
      parts.pool().leave();
    }
  }

  private Optional<Exchange> over(Connection kept) throws ExchangeFailure {
    Conversation conversation = new Conversation(parts.settings(), kept, flight);
    try {
      return Optional.of(send(kept, conversation, gate::mayWrite));
    } catch (ExchangeFailure failure) {
      if (flight.isStopped() || !conversation.isUnanswered()) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  /** The place is taken after the look-up: a hanging name server holds none. */
  private Exchange overNewConnection() throws ExchangeFailure {
    List<InetAddress> addresses = lookUp();
    if (flight.isStale()) {
      return withheld();
    }
    parts.pool().enter(flight);
    try {
      Connection fresh = open(addresses);
      Conversation conversation = new Conversation(parts.settings(), fresh, flight);
      return send(fresh, conversation, flight.isWritten() ? gate::mayWriteAgain : gate::mayWrite);
    } finally {
      parts.pool().leave();
    }
  }

  private Connection open(List<InetAddress> addresses) throws ExchangeFailure {
    parts.pool().opening();
    try {
      return parts.connector().connect(request.url().origin(), addresses, flight);
    } catch (ExchangeFailure | RuntimeException | Error failure) {
      parts.pool().notOpened();
      throw failure;
    }
  }

  private List<InetAddress> lookUp() throws ExchangeFailure {
    if (request.url().literal().isPresent()) {
      return parts.targets().addressesOf(request.url(), flight.left());
    }
    long start = flight.now();
    gate.beforeLookup();
    try {
      return parts.targets().addressesOf(request.url(), flight.left());
    } finally {
      flight.dnsTook(start);
      flight.await(gate::afterLookup);
    }
  }

  /** Ends with the connection kept or closed, whatever happens. */
  private Exchange send(Connection connection, Conversation conversation, BooleanSupplier mayWrite)
      throws ExchangeFailure {
    boolean reusable = false;
    try {
      flight.hold(connection.socket());
      if (!mayWrite.getAsBoolean()) {
        reusable = flight.letGo();
        return withheld();
      }
      Conversation.Response response = converse(conversation);
      reusable = response.reusable();
      return answered(response);
    } finally {
      if (reusable) {
        parts.pool().keep(connection, flight.now());
      } else {
        parts.pool().discard(connection);
      }
    }
  }

  private Conversation.Response converse(Conversation conversation) throws ExchangeFailure {
    flight.writes();
    try {
      Conversation.Response response = conversation.run(request);
      if (flight.letGo()) {
        return response;
      }
      throw new ExchangeFailure(FailureClass.DEADLINE); // or why else it has been stopped
    } catch (IOException | HttpException e) {
      throw new ExchangeFailure(classify(e), e);
    }
  }

  private Exchange withheld() throws ExchangeFailure {
    if (flight.isWritten()) {
      throw new ExchangeFailure(FailureClass.CONNECTION_CLOSED);
    }
    return new Exchange.Withheld(flight.timings());
  }

  private Exchange answered(Conversation.Response response) {
    ResponseHead head = response.head();
    return new Exchange.Answered(
        head.status(), response.capture(), head.retryAfter(), flight.timings());
  }

  private static FailureClass classify(Exception e) {
    return switch (e) {
      case TruncatedChunkException _ -> FailureClass.CONNECTION_CLOSED;
      case MalformedChunkCodingException _ -> FailureClass.PROTOCOL_ERROR;
      case MessageConstraintException _ -> FailureClass.PROTOCOL_ERROR;
      case HttpException _ -> FailureClass.PROTOCOL_ERROR;
      case SSLException _ -> FailureClass.TLS_FAILED;
      default -> FailureClass.CONNECTION_CLOSED;
    };
  }
}
