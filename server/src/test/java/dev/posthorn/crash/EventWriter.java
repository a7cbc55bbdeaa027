package dev.posthorn.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.crash.Publication.Fate;
import dev.posthorn.system.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Publishes numbered events by {@code POST /events}: one a call, or several, all or none. */
final class EventWriter implements Load.Habit {
  private final Customer customer;
  private final Client client;
  private final Ledger ledger;
  private final SplittableRandom random;
  private final boolean batches;

  EventWriter(
      Customer customer, Client client, Ledger ledger, SplittableRandom random, boolean batches) {
    this.customer = customer;
    this.client = client;
    this.ledger = ledger;
    this.random = random;
    this.batches = batches;
  }

  @Override
  public Duration pause() {
    return Duration.ofMillis(batches ? 1_500 : 150);
  }

  @Override
  public void once() {
    String type = random.nextInt(batches ? 40 : 60) == 0 ? Load.RARE : Load.OFTEN;
    int count = batches ? random.nextInt(2, 16) : 1;
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(ledger.nextNumber());
    }
    long begun = System.nanoTime();
    Optional<Api.Reply> reply =
        client.attempt(node -> node.post("/events", body(type, numbers, count > 1)));
    long ended = System.nanoTime();
    for (int i = 0; i < count; i++) {
      ledger.add(
          new Publication(
              Publication.numbered(numbers.get(i)),
              customer,
              type,
              begun,
              ended,
              reply.isPresent() ? Fate.ACKNOWLEDGED : Fate.UNKNOWN,
              webhookId(reply, i, count)));
    }
  }

  private static Optional<String> webhookId(Optional<Api.Reply> reply, int index, int count) {
    return reply
        .map(answer -> answer.body().at(count > 1 ? "/events/" + index + "/id" : "/event/id"))
        .map(JsonNode::asText);
  }

  private static String body(String type, List<Long> numbers, boolean many) {
    String events =
        numbers.stream()
            .map(number -> "{\"type\":\"%s\",\"payload\":{\"number\":%d}}".formatted(type, number))
            .collect(Collectors.joining(","));
    return many ? "{\"events\":[" + events + "]}" : "{\"event\":" + events + "}";
  }
}
