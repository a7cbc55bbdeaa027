package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Commands;
import dev.posthorn.benchmarks.load.Requests;
import dev.posthorn.egress.Cidr;
import dev.posthorn.egress.EgressPolicy;
import dev.posthorn.egress.EgressSettings;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.Header;
import dev.posthorn.egress.HostResolver;
import dev.posthorn.egress.OutboundRequest;
import dev.posthorn.egress.TargetUrl;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.egress.WriteGate;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;

/**
 * The HTTP client alone: sends one request again and again, on some virtual threads.
 *
 * <p>Usage: {@code BareSender <url> <threads>}. A command is a number of seconds, its answer how
 * many requests were answered with 200 in that time.
 */
final class BareSender {
  private static final EgressPolicy LOOPBACK =
      new EgressPolicy(List.of(Cidr.parse("127.0.0.0/8")), false, Set.of(), null);
  private static final WriteGate OPEN =
      new WriteGate() {
        @Override
        public boolean mayWrite() {
          return true;
        }

        @Override
        public boolean mayWriteAgain() {
          return true;
        }
      };

  private final GuardedHttpClient client;
  private final OutboundRequest request;

  private BareSender(GuardedHttpClient client, TargetUrl url) {
    this.client = client;
    this.request = new OutboundRequest(url, headers(), Requests.payload());
  }

  public static void main(String[] args) throws InterruptedException, NoSuchAlgorithmException {
    int threads = Integer.parseInt(args[1]);
    Commands commands = Commands.listen();
    try (GuardedHttpClient client =
        new GuardedHttpClient(
            EgressSettings.standard(),
            LOOPBACK,
            HostResolver.system(),
            SSLContext.getDefault(),
            System::nanoTime)) {
      BareSender sender = new BareSender(client, url(args[0]));
      while (true) {
        double seconds = commands.take(Double.class);
        Commands.answer(sender.send(threads, System.nanoTime() + (long) (seconds * 1e9)));
      }
    }
  }

  private static TargetUrl url(String text) {
    return switch (new UrlRule(LOOPBACK).check(text)) {
      case UrlRule.Accepted accepted -> accepted.url();
      case UrlRule.Refused refused -> throw new IllegalArgumentException(refused.message());
    };
  }

  private long send(int threads, long until) {
    LongAdder answered = new LongAdder();
    try (ExecutorService loops = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < threads; i++) {
        loops.execute(() -> sendUntil(until, answered));
      }
    }
    return answered.sum();
  }

  private void sendUntil(long until, LongAdder answered) {
    while (System.nanoTime() < until) {
      if (client.post(request, OPEN) instanceof Exchange.Answered exchange
          && exchange.status() == 200) {
        answered.increment();
      }
    }
  }

  /**
   * As many and as long as those of a delivery; signed once, as signing is not what is measured.
   */
  private static List<Header> headers() {
    String id = "evt_01ke8xw2q7h9v3t5r1m6n8p0za";
    String timestamp = "1795392000";
    String signature = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=";
    return List.of(
        new Header("content-type", "application/json"),
        new Header("user-agent", "Posthorn/0.1.0"),
        new Header("webhook-id", id),
        new Header("webhook-timestamp", timestamp),
        new Header("webhook-signature", signature),
        new Header("svix-id", id),
        new Header("svix-timestamp", timestamp),
        new Header("svix-signature", signature),
        new Header("webhook-event-type", "bench.happened"),
        new Header("webhook-attempt", "1"));
  }
}
