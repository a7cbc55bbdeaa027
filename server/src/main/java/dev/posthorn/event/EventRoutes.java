package dev.posthorn.event;

import dev.posthorn.db.Database;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.Faults;
import dev.posthorn.http.JsonBody;
import dev.posthorn.http.Problem;
import dev.posthorn.http.Query;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Events over the API: publishing them, and reading what happened. */
public final class EventRoutes implements Routes {
  private final Publisher publisher;
  private final EventMaker maker;
  private final Database database;
  private final Cursors cursors;

  public EventRoutes(Publisher publisher, EventMaker maker, Database database, Cursors cursors) {
    this.publisher = publisher;
    this.maker = maker;
    this.database = database;
    this.cursors = cursors;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/events", Scope.EVENTS_WRITE, this::publish).uncounted(),
        Route.get("/events", Scope.WEBHOOKS_READ, this::list).withQuery(),
        Route.get("/events/{id}", Scope.WEBHOOKS_READ, this::read));
  }

  private Answer publish(Call call) {
    Faults faults = new Faults();
    EventReader.Sent sent = EventReader.read(JsonBody.bytes(call), faults);
    List<NewEvent> events = maker.make(call.accountId(), sent.drafts(), faults);
    faults.throwIfAny();
    List<PublishedEvent> published = publisher.publish(events);
    return Answer.json(201, EventJson.published(published, sent.isSingle()));
  }

  private Answer list(Call call) {
    Query query = call.query();
    Optional<String> type = query.text("type");
    OptionalLong recordId = query.id("record_id");
    Optional<Instant> since = query.instant("created_since");
    Optional<Instant> before = query.instant("created_before");
    int size = query.perPage();
    // A cursor is good only for the list that gave it out, filter and all.
    String list = "events " + type + recordId + since + before;
    Optional<UUID> below = cursors.from(query, call.accountId(), list).map(UUID::fromString);
    query.throwIfFaulty();
    EventHistory.Filter filter = new EventHistory.Filter(type, recordId, since, before);
    EventHistory.Events page =
        database.withHandle(
            handle -> EventHistory.list(handle, call.accountId(), filter, below, size));
    Answer answer = Answer.json(200, EventJson.list(page.events()));
    return page.next()
        .map(next -> cursors.linkNext(answer, call, list, next.toString()))
        .orElse(answer);
  }

  private Answer read(Call call) {
    UUID id =
        EventJson.parseId(call.pathText("id")).orElseThrow(() -> Problem.notFound().exception());
    byte[] json =
        database.withHandle(handle ->
            EventHistory.find(handle, call.accountId(), id)
                .map(event ->
                    EventJson.one(event, EventHistory.deliveries(handle, call.accountId(), id)))
                .orElseThrow(() -> Problem.notFound().exception()));
    return Answer.json(200, json).withETag();
  }
}
