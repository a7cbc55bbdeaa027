package dev.posthorn.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.LongStream;

/** A feature for tests of the edge: every getter, paging, cursors, conditions, and failures. */
final class ThingRoutes implements Routes {
  static final int HOW_MANY = 250;

  private final Cursors cursors = new Cursors(new byte[32]);

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/things", Scope.RECORDS_READ, this::list).withQuery(),
        Route.post("/things", Scope.RECORDS_WRITE, this::create),
        Route.get("/things/{id}", Scope.RECORDS_READ, this::read),
        Route.patch("/things/{id}", Scope.RECORDS_WRITE, this::change),
        Route.get("/log", Scope.RECORDS_READ, this::log).withQuery(),
        Route.post("/raw", Scope.EVENTS_WRITE, this::raw).uncounted(),
        Route.get("/outage", Scope.RECORDS_READ, this::outage),
        Route.get("/failure", Scope.RECORDS_READ, this::failure),
        Route.open("POST", "/open", call -> Answer.text("text/plain", "open")));
  }

  private Answer list(Call call) {
    Query query = call.query();
    Page page = query.page();
    query.oneOf("color", List.of("red", "blue"));
    query.instant("updated_since");
    query.throwIfFaulty();
    long last = Math.min(page.offset() + page.size(), HOW_MANY);
    List<ObjectNode> things =
        LongStream.rangeClosed(page.offset() + 1, last).mapToObj(ThingRoutes::thing).toList();
    return page.link(Answer.list("things", things), call, HOW_MANY);
  }

  private Answer create(Call call) {
    JsonBody body = JsonBody.read(call);
    Fields thing = body.object("thing");
    Field<String> name = thing.text("name", 10).required();
    thing.integer("count", 1, 1_000_000);
    thing.id("owner_id");
    thing.number("share", BigDecimal.ZERO, BigDecimal.ONE);
    thing.decimalText("amount");
    thing.bool("enabled");
    thing.date("day");
    thing.instant("at");
    thing.texts("tags", 5, 10);
    thing.oneOf("status", List.of("active", "won"));
    thing.secretText("secret", 20);
    thing.anyObject("custom");
    thing.any("payload");
    thing.object("address").ifPresent(address -> address.text("city", 5));
    thing.objects("parts", 3).forEach(part -> part.id("id").required());
    body.throwIfFaulty();
    return Answer.created(Route.API + "/things/1", "thing", thing(1).put("name", name.get()));
  }

  private Answer read(Call call) {
    return Answer.object("thing", thing(call.pathId("id"))).withETag();
  }

  private Answer change(Call call) {
    long id = call.pathId("id");
    call.requireMatch(ETag.of(Answer.object("thing", thing(id)).body()));
    JsonBody body = JsonBody.read(call);
    Fields fields = body.object("thing");
    Field<String> name = fields.text("name", 10).notNull();
    Field<String> note = fields.text("note", 10);
    Field<Long> count = fields.integer("count", 1, 100);
    body.throwIfFaulty();
    ObjectNode changed = thing(id);
    changed.put("name", name.merge("old name", ""));
    changed.put("note", note.merge("old note"));
    changed.put("count", count.merge(7L, 60L));
    return Answer.object("thing", changed);
  }

  private Answer log(Call call) {
    Query query = call.query();
    long after = cursors.from(query, call.accountId(), "log").map(Long::parseLong).orElse(0L);
    int size = query.perPage();
    query.throwIfFaulty();
    List<ObjectNode> entries =
        LongStream.rangeClosed(after + 1, Math.min(after + size, HOW_MANY))
            .mapToObj(ThingRoutes::thing)
            .toList();
    Answer answer = Answer.list("entries", entries);
    long last = after + entries.size();
    return last < HOW_MANY ? cursors.linkNext(answer, call, "log", Long.toString(last)) : answer;
  }

  private Answer raw(Call call) {
    byte[] bytes = JsonBody.bytes(call);
    return new Answer(200, "application/octet-stream", bytes, List.of());
  }

  private Answer outage(Call call) {
    throw new IllegalArgumentException("wrapped", new IllegalStateException("database of secrets"));
  }

  private Answer failure(Call call) {
    throw new IllegalArgumentException("password is hunter2");
  }

  private static ObjectNode thing(long id) {
    return Json.object().put("id", id);
  }
}
