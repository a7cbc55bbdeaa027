package dev.posthorn.crash;

import dev.posthorn.system.Api;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * An account's client: stays with one node until that fails it, then goes to the next. It does not
 * repeat what may have been done.
 */
final class Client {
  private static final Duration BEFORE_THE_NEXT = Duration.ofMillis(50);

  private final List<Api> nodes;
  private final Ledger ledger;
  private int current;

  /**
   * @param first the node to begin with
   */
  Client(Cluster cluster, Customer customer, Ledger ledger, int first) {
    this.nodes = cluster.nodes().stream().map(node -> node.api(customer.key())).toList();
    this.ledger = ledger;
    this.current = first % nodes.size();
  }

  /** One call of the API. */
  @FunctionalInterface
  interface Call {
    Api.Reply on(Api node) throws IOException;
  }

  /** The answer that says that it is done; absent when nobody knows whether it is. */
  Optional<Api.Reply> attempt(Call call) {
    try {
      Api.Reply reply = call.on(nodes.get(current));
      if (reply.status() < 300) {
        return Optional.of(reply);
      }
      if (reply.status() != 503) {
        ledger.addOdd(reply.status() + " " + reply.body());
      }
    } catch (IOException e) {
      // No answer came.
    }
    ledger.addUnanswered();
    current = (current + 1) % nodes.size();
    LockSupport.parkNanos(BEFORE_THE_NEXT.toNanos());
    return Optional.empty();
  }

  /** Repeats a call that may be repeated until it is answered. */
  Api.Reply insist(Call call) {
    for (int attempt = 1; attempt < 1_000; attempt++) {
      Optional<Api.Reply> reply = attempt(call);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
    throw new IllegalStateException("nobody answers");
  }
}
