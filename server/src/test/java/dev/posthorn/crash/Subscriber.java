package dev.posthorn.crash;

import dev.posthorn.crash.Subscription.Change;
import dev.posthorn.crash.Subscription.Kind;
import dev.posthorn.crash.Subscription.Terms;
import dev.posthorn.system.Api;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** Registers webhooks for one customer and changes them, until each call is answered. */
final class Subscriber {
  /** Webhooks fall into shards by their internal ids; this spreads few of them over all shards. */
  private static final String SKIP_IDS =
      "SELECT count(nextval('posthorn.webhook_id')) FROM generate_series(1, 96)";

  private static final int SECRET_BYTES = 32;

  private final Customer customer;
  private final Client client;
  private final Receiver receiver;
  private final Ledger ledger;
  private final Jdbi jdbi;

  Subscriber(Customer customer, Client client, Receiver receiver, Ledger ledger, Jdbi jdbi) {
    this.customer = customer;
    this.client = client;
    this.receiver = receiver;
    this.ledger = ledger;
    this.jdbi = jdbi;
  }

  void defineTypes() {
    for (String type : List.of(Load.OFTEN, Load.RARE)) {
      client.insist(
          node -> node.post("/event_types", "{\"event_type\":{\"name\":\"" + type + "\"}}"));
    }
  }

  /** What a webhook is to be like. */
  record Wish(List<String> filter, int rateLimit, Manner manner, boolean steady) {}

  /** A creation that nobody answered may leave a webhook behind: another one is made then. */
  Subscription create(Wish wish, SplittableRandom random) {
    while (true) {
      Subscription subscription = new Subscription(terms(wish, random));
      String url = receiver.take(subscription);
      ledger.add(subscription);
      spread();
      long begun = System.nanoTime();
      var reply = client.attempt(node -> node.post("/webhooks", body(subscription.terms(), url)));
      if (reply.isPresent()) {
        subscription.created(reply.get().body().at("/webhook/id").asText());
        changed(subscription, Kind.CREATE, begun);
        return subscription;
      }
    }
  }

  void disable(Subscription subscription) {
    change(subscription, Kind.DISABLE, node -> post(node, subscription, "/disable", ""));
  }

  void enable(Subscription subscription) {
    change(
        subscription,
        Kind.ENABLE,
        node -> post(node, subscription, "/enable", "{\"enable\":{\"backlog\":\"send\"}}"));
  }

  /** Gone is as good as deleted: the first call may have been the one that was not answered. */
  void delete(Subscription subscription) {
    change(
        subscription,
        Kind.DELETE,
        node -> {
          Api.Reply reply = node.delete("/webhooks/" + subscription.id());
          return reply.status() == 404 ? new Api.Reply(204, reply.body()) : reply;
        });
  }

  private void change(Subscription subscription, Kind kind, Client.Call call) {
    long begun = System.nanoTime();
    client.insist(call);
    changed(subscription, kind, begun);
  }

  private static void changed(Subscription subscription, Kind kind, long begun) {
    subscription.changed(new Change(kind, begun, System.nanoTime()));
  }

  private static Api.Reply post(Api node, Subscription subscription, String action, String body)
      throws java.io.IOException {
    return node.post("/webhooks/" + subscription.id() + action, body);
  }

  private void spread() {
    try {
      jdbi.useHandle(handle -> handle.select(SKIP_IDS).mapTo(Long.class).one());
    } catch (RuntimeException e) {
      // The database is away: this webhook falls beside the last one.
    }
  }

  private Terms terms(Wish wish, SplittableRandom random) {
    byte[] key = new byte[SECRET_BYTES];
    random.nextBytes(key);
    return new Terms(
        customer,
        new UUID(random.nextLong(), random.nextLong()),
        "whsec_" + Base64.getEncoder().encodeToString(key),
        wish.filter(),
        wish.rateLimit(),
        wish.manner(),
        wish.steady());
  }

  private static String body(Terms terms, String url) {
    String filter =
        terms.filter().isEmpty()
            ? ""
            : terms.filter().stream()
                .collect(Collectors.joining("\",\"", ",\"filter_types\":[\"", "\"]"));
    return "{\"webhook\":{\"url\":\"%s\",\"secret\":\"%s\",\"rate_limit\":%d%s}}"
        .formatted(url, terms.secret(), terms.rateLimit(), filter);
  }
}
