package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.Database;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.Problem;
import dev.posthorn.http.Query;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Deliveries and their attempts over the API.
 *
 * <p>Those of a deleted webhook can still be read by their ids, as long as they are kept.
 */
public final class DeliveryRoutes implements Routes {
  private static final List<String> STATES = List.of("pending", "succeeded", "failed", "cancelled");
  private static final List<String> STATUS_CLASSES = List.of("none", "2xx", "3xx", "4xx", "5xx");

  private final Database database;
  private final Cursors cursors;
  private final InstantSource clock;

  /**
   * @param clock the engine's
   */
  public DeliveryRoutes(Database database, Cursors cursors, InstantSource clock) {
    this.database = database;
    this.cursors = cursors;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/webhooks/{id}/deliveries", Scope.WEBHOOKS_READ, this::list).withQuery(),
        Route.get("/deliveries/{id}", Scope.WEBHOOKS_READ, this::read),
        Route.get("/deliveries/{id}/attempts", Scope.WEBHOOKS_READ, this::attempts).withQuery());
  }

  /** A delivery that was found, with its webhook. */
  private record Known(StoredDelivery delivery, ReceivingWebhook webhook, LaneKey lane) {}

  private Answer list(Call call) {
    UUID id = call.pathUuid("id");
    Query query = call.query();
    DeliveryHistory.Filter filter = filter(query);
    int size = query.perPage();
    // A cursor is good only for the list that gave it out, filter and all.
    String list = "deliveries " + id + filter;
    Optional<UUID> below = cursors.from(query, call.accountId(), list).map(UUID::fromString);
    return database.withHandle(handle -> {
      ReceivingWebhook webhook =
          webhook(handle, call.accountId(), id)
              .filter(found -> !found.deleted())
              .orElseThrow(() -> Problem.notFound().exception());
      query.throwIfFaulty();
      DeliveryHistory.Page<StoredDelivery> page =
          DeliveryHistory.list(handle, lane(call.accountId(), webhook), filter, below, size);
      return linked(deliveries(page, webhook), page, call, list);
    });
  }

  private static DeliveryHistory.Filter filter(Query query) {
    Optional<String> status = query.oneOf("status", STATUS_CLASSES);
    return new DeliveryHistory.Filter(
        query.oneOf("state", STATES),
        query.text("event_type"),
        query.instant("created_since"),
        query.instant("created_before"),
        status.map(DeliveryRoutes::firstDigit).orElse(OptionalInt.empty()));
  }

  private static OptionalInt firstDigit(String statusClass) {
    return OptionalInt.of(statusClass.equals("none") ? 0 : statusClass.charAt(0) - '0');
  }

  private Answer deliveries(DeliveryHistory.Page<StoredDelivery> page, ReceivingWebhook webhook) {
    List<ObjectNode> deliveries =
        page.items().stream()
            .map(delivery -> DeliveryJson.delivery(delivery, webhook, clock.instant()))
            .toList();
    return Answer.list("deliveries", deliveries);
  }

  private Answer read(Call call) {
    Known known = database.withHandle(handle -> find(handle, call));
    return Answer.object(
            "delivery", DeliveryJson.delivery(known.delivery(), known.webhook(), clock.instant()))
        .withETag();
  }

  private Answer attempts(Call call) {
    Query query = call.query();
    int size = query.perPage();
    String list = "attempts " + call.pathText("id");
    Optional<UUID> behind = cursors.from(query, call.accountId(), list).map(UUID::fromString);
    return database.withHandle(handle -> {
      Known known = find(handle, call);
      query.throwIfFaulty();
      DeliveryHistory.Page<StoredAttempt> page =
          DeliveryHistory.attempts(handle, known.lane(), known.delivery().eventId(), behind, size);
      List<ObjectNode> attempts = page.items().stream().map(DeliveryJson::attempt).toList();
      return linked(Answer.list("attempts", attempts), page, call, list);
    });
  }

  private Known find(Handle handle, Call call) {
    return DeliveryJson.parseId(call.pathText("id"))
        .flatMap(id -> find(handle, call.accountId(), id))
        .orElseThrow(() -> Problem.notFound().exception());
  }

  private Optional<Known> find(Handle handle, long accountId, DeliveryJson.Id id) {
    return webhook(handle, accountId, id.webhook())
        .flatMap(webhook -> {
          LaneKey lane = lane(accountId, webhook);
          return DeliveryHistory.find(handle, lane, id.event())
              .map(delivery -> new Known(delivery, webhook, lane));
        });
  }

  private Optional<ReceivingWebhook> webhook(Handle handle, long accountId, UUID publicId) {
    return ReceivingWebhook.find(handle, accountId, publicId, clock.instant());
  }

  private static LaneKey lane(long accountId, ReceivingWebhook webhook) {
    return new LaneKey(accountId, webhook.id(), webhook.publicId());
  }

  private Answer linked(Answer answer, DeliveryHistory.Page<?> page, Call call, String list) {
    return page.next()
        .map(next -> cursors.linkNext(answer, call, list, next.toString()))
        .orElse(answer);
  }
}
