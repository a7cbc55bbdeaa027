package dev.posthorn.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.Database;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Page;
import dev.posthorn.http.Problem;
import dev.posthorn.http.ProblemException;
import dev.posthorn.http.ProblemType;
import dev.posthorn.http.Query;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue of event types over the API. The built-in ones come first in lists and cannot be
 * changed; an archived one can still be read, and comes back when its name is created anew.
 */
public final class EventTypeRoutes implements Routes {
  private static final String KEY = "event_type";
  private static final List<BuiltInType> BUILT_IN = Arrays.asList(BuiltInType.values());

  private final Database database;
  private final TypeCatalog catalog;
  private final RecordPayload payload;
  private final InstantSource clock;

  /**
   * @param catalog told of every change
   * @param payload shows what built-in events look like
   * @param clock the engine's
   */
  public EventTypeRoutes(
      Database database, TypeCatalog catalog, RecordPayload payload, InstantSource clock) {
    this.database = database;
    this.catalog = catalog;
    this.payload = payload;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/event_types", Scope.WEBHOOKS_READ, this::list).withQuery(),
        Route.post("/event_types", Scope.WEBHOOKS_WRITE, this::create),
        Route.get("/event_types/{name}", Scope.WEBHOOKS_READ, this::read),
        Route.patch("/event_types/{name}", Scope.WEBHOOKS_WRITE, this::change),
        Route.delete("/event_types/{name}", Scope.WEBHOOKS_WRITE, this::delete));
  }

  private Answer list(Call call) {
    Query query = call.query();
    Page page = query.page();
    boolean archivedToo = query.bool("archived").orElse(false);
    query.throwIfFaulty();
    List<ObjectNode> types = new ArrayList<>();
    BUILT_IN.stream()
        .skip(page.offset())
        .limit(page.size())
        .forEach(type -> types.add(EventTypeView.of(type, payload)));
    long offset = Math.max(0, page.offset() - BUILT_IN.size());
    int room = page.size() - types.size();
    long own =
        database.withHandle(handle -> {
          EventTypes.list(handle, call.accountId(), archivedToo, room, offset)
              .forEach(type -> types.add(EventTypeView.of(type)));
          return EventTypes.count(handle, call.accountId(), archivedToo);
        });
    return page.link(Answer.list("event_types", types), call, BUILT_IN.size() + own);
  }

  private Answer create(Call call) {
    EventType type = EventTypeForm.creation(call, clock.instant());
    boolean isNew =
        database.inTransaction(
            transaction -> EventTypes.insert(transaction, call.accountId(), type));
    if (!isNew) {
      throw conflict("There is an event type " + type.name() + " already.");
    }
    catalog.forget(call.accountId(), type.name());
    return Answer.created(Route.API + "/event_types/" + type.name(), KEY, EventTypeView.of(type))
        .with("ETag", EventTypeView.tag(type));
  }

  private Answer read(Call call) {
    String name = call.pathText("name");
    Optional<ObjectNode> builtIn =
        BuiltInType.of(name).map(type -> EventTypeView.of(type, payload));
    ObjectNode json = builtIn.orElseGet(() -> EventTypeView.of(find(call, name)));
    return Answer.object(KEY, json).withETag();
  }

  private EventType find(Call call, String name) {
    return database
        .withHandle(handle -> EventTypes.find(handle, call.accountId(), List.of(name)))
        .stream()
        .findFirst()
        .orElseThrow(() -> Problem.notFound().exception());
  }

  private Answer change(Call call) {
    String name = ownName(call);
    EventTypeForm.Changes changes = EventTypeForm.changes(call);
    EventType changed =
        database.inTransaction(transaction -> {
          EventType current = existing(call, EventTypes.lock(transaction, call.accountId(), name));
          if (current.archivedAt() != null) {
            throw conflict(name + " is archived; create it anew to change it.");
          }
          EventType next = changes.applyTo(current, clock.instant());
          EventTypes.update(transaction, call.accountId(), next);
          return next;
        });
    catalog.forget(call.accountId(), name);
    return Answer.object(KEY, EventTypeView.of(changed)).withETag();
  }

  private Answer delete(Call call) {
    String name = ownName(call);
    database.inTransaction(transaction -> {
      EventType current = existing(call, EventTypes.lock(transaction, call.accountId(), name));
      if (current.archivedAt() == null) {
        EventTypes.remove(transaction, call.accountId(), current, clock.instant());
      }
      return current;
    });
    catalog.forget(call.accountId(), name);
    return Answer.noContent();
  }

  private static EventType existing(Call call, Optional<EventType> locked) {
    EventType current = locked.orElseThrow(() -> Problem.notFound().exception());
    if (call.isConditional()) {
      call.requireMatch(EventTypeView.tag(current));
    }
    return current;
  }

  private static String ownName(Call call) {
    String name = call.pathText("name");
    if (BuiltInType.of(name).isPresent()) {
      throw conflict(name + " is built in and cannot be changed.");
    }
    return name;
  }

  private static ProblemException conflict(String detail) {
    return Problem.of(ProblemType.CONFLICT, detail).exception();
  }
}
