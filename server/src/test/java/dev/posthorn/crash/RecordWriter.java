package dev.posthorn.crash;

import dev.posthorn.crash.Publication.Fate;
import dev.posthorn.system.Api;
import java.time.Duration;
import java.util.Optional;

/** Creates opportunities and changes each of them once. */
final class RecordWriter implements Load.Habit {
  private static final String CREATED = "opportunity.create";
  private static final String UPDATED = "opportunity.update";

  private final Customer customer;
  private final Client client;
  private final Ledger ledger;

  RecordWriter(Customer customer, Client client, Ledger ledger) {
    this.customer = customer;
    this.client = client;
    this.ledger = ledger;
  }

  @Override
  public Duration pause() {
    return Duration.ofMillis(600);
  }

  @Override
  public void once() {
    long begun = System.nanoTime();
    Optional<Api.Reply> created =
        client.attempt(
            node -> node.post("/opportunities", "{\"opportunity\":{\"name\":\"A roof\"}}"));
    if (created.isEmpty()) {
      ledger.addUnknownCreation();
      return;
    }
    long id = created.get().body().at("/opportunity/id").asLong();
    ledger.add(publication(CREATED, id, begun, Fate.ACKNOWLEDGED));
    begun = System.nanoTime();
    Optional<Api.Reply> changed =
        client.attempt(node ->
            node.patch("/opportunities/" + id, "{\"opportunity\":{\"name\":\"A new roof\"}}"));
    Fate fate = changed.isPresent() ? Fate.ACKNOWLEDGED : Fate.UNKNOWN;
    ledger.add(publication(UPDATED, id, begun, fate));
  }

  private Publication publication(String type, long id, long begun, Fate fate) {
    return new Publication(
        Publication.ofRecord(type, id),
        customer,
        type,
        begun,
        System.nanoTime(),
        fate,
        Optional.empty());
  }
}
