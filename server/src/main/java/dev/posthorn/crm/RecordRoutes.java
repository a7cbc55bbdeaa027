package dev.posthorn.crm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.ETag;
import dev.posthorn.http.JsonBody;
import dev.posthorn.http.Problem;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.util.List;

/** One kind of record over HTTP. */
final class RecordRoutes implements Routes {
  private final RecordType type;
  private final Records records;

  RecordRoutes(RecordType type, Records records) {
    this.type = type;
    this.records = records;
  }

  @Override
  public List<Route> routes() {
    String all = '/' + type.kind().plural();
    String one = all + "/{id}";
    return List.of(
        Route.get(all, Scope.RECORDS_READ, this::list).withQuery(),
        Route.post(all, Scope.RECORDS_WRITE, this::create),
        Route.get(one, Scope.RECORDS_READ, this::read),
        Route.patch(one, Scope.RECORDS_WRITE, this::update),
        Route.delete(one, Scope.RECORDS_WRITE, this::delete));
  }

  private Answer list(Call call) {
    Selection selection = Selection.read(type, call.query());
    Records.Listed listed = records.list(type, call.accountId(), selection);
    List<ObjectNode> items =
        listed.views().stream().map(view -> view.json(records.payload())).toList();
    Answer answer = Answer.list(type.kind().plural(), items);
    return selection.page().link(answer, call, listed.total());
  }

  private Answer create(Call call) {
    RecordPatch patch = patch(call, FieldType.Occasion.CREATE);
    RecordValues values = patch.applyTo(RecordValues.initial(type.fields()));
    RecordView view =
        records.create(new Creation(type, call.accountId(), values, call.bytes().length));
    String location = Route.API + '/' + type.kind().plural() + '/' + view.record().key().id();
    return Answer.created(location, type.kind().singular(), view.json(records.payload()))
        .withETag();
  }

  private Answer read(Call call) {
    return records
        .find(key(call))
        .map(this::shown)
        .orElseThrow(() -> Problem.notFound().exception());
  }

  private Answer update(Call call) {
    RecordKey key = key(call);
    RecordPatch patch = patch(call, FieldType.Occasion.PATCH);
    return records
        .update(key, patch, current -> requireMatch(call, current))
        .map(this::shown)
        .orElseThrow(() -> Problem.notFound().exception());
  }

  private Answer delete(Call call) {
    if (!records.delete(key(call), current -> requireMatch(call, current))) {
      throw Problem.notFound().exception();
    }
    return Answer.noContent();
  }

  private RecordPatch patch(Call call, FieldType.Occasion occasion) {
    JsonBody body = JsonBody.read(call);
    RecordPatch patch =
        RecordPatch.read(type.fields(), body.object(type.kind().singular()), occasion);
    body.throwIfFaulty();
    return patch;
  }

  private RecordKey key(Call call) {
    return new RecordKey(type, call.accountId(), call.pathId("id"));
  }

  private void requireMatch(Call call, RecordView current) {
    if (call.isConditional()) {
      call.requireMatch(ETag.of(shown(current).body()));
    }
  }

  private Answer shown(RecordView view) {
    return Answer.object(type.kind().singular(), view.json(records.payload())).withETag();
  }
}
