package dev.posthorn.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.IdText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What a customer is shown of a delivery, by the API. */
final class ShownLog {
  private final Cluster cluster;
  private final Ledger ledger;

  ShownLog(Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  /** When an event may have been sent to a webhook without a trace, as its delivery says. */
  List<Instant> maybeSent(Subscription subscription, UUID webhook, String eventId) {
    UUID event = IdText.parse("evt_", eventId).orElseThrow();
    String path = "/deliveries/" + IdText.of("dlv_", event, webhook);
    Client client = new Client(cluster, subscription.terms().customer(), ledger, 0);
    JsonNode delivery = client.insist(node -> node.get(path)).body();
    JsonNode attempts = client.insist(node -> node.get(path + "/attempts?per_page=100")).body();
    return Stream.of(delivery, attempts)
        .flatMap(json -> json.findValues("maybe_sent_at").stream())
        .flatMap(mark -> Optional.of(mark).filter(JsonNode::isTextual).stream())
        .map(mark -> Instant.parse(mark.textValue()))
        .toList();
  }
}
