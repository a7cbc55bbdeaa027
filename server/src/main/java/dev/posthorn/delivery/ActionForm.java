package dev.posthorn.delivery;

import dev.posthorn.http.Call;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.JsonBody;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads what a customer asks for by hand, and notes every fault of it. */
final class ActionForm {
  private static final int LONGEST_TYPE = 128;
  private static final List<String> SETTLED = List.of("cancelled", "failed", "succeeded");
  private static final List<String> USUAL_STATES = List.of("failed");

  private ActionForm() {}

  /** A test event to send. */
  record Test(String eventType, byte[] payload) {}

  /** A recovery, or only the question how much it would be. */
  record Recover(Recovery wanted, boolean isDryRun) {}

  static Test test(Call call, Examples examples) {
    JsonBody body = JsonBody.read(call);
    Field<Test> test =
        body.object("test")
            .text("event_type", LONGEST_TYPE)
            .required()
            .convert(type ->
                examples
                    .of(call.accountId(), type)
                    .<Field.Result<Test>>map(
                        payload -> new Field.Result.Kept<>(new Test(type, payload)))
                    .orElseGet(() ->
                        new Field.Result.Refused<>(
                            "unknown_event_type", "test.event_type is no event type here.")));
    body.throwIfFaulty();
    return test.get();
  }

  static Recover recover(Call call, Instant now) {
    JsonBody body = JsonBody.read(call);
    Fields fields = body.object("recover");
    Field<Instant> since = fields.instant("since").required();
    Field<Instant> until = fields.instant("until");
    Field<List<String>> states =
        fields.texts("states", SETTLED.size(), LONGEST_TYPE).convert(ActionForm::states);
    Field<Boolean> dryRun = fields.bool("dry_run");
    boolean isBackwards = since.value().filter(begin -> !begin.isBefore(until.or(now))).isPresent();
    if (isBackwards) {
      fields.refuse("since", "out_of_range", "recover.since must be before now, and before until.");
    }
    body.throwIfFaulty();
    return new Recover(
        new Recovery(since.get(), until.value(), states.or(USUAL_STATES)), dryRun.or(false));
  }

  private static Field.Result<List<String>> states(List<String> sent) {
    boolean fine =
        !sent.isEmpty()
            && SETTLED.containsAll(sent)
            && sent.stream().distinct().count() == sent.size();
    return fine
        ? new Field.Result.Kept<>(sent.stream().sorted().toList())
        : new Field.Result.Refused<>(
            "invalid_states",
            "recover.states must be one or more of failed, succeeded and cancelled, each once.");
  }

  /** A body is not needed, for there is nothing to choose. */
  static void skip(Call call) {
    if (call.bytes().length > 0) {
      JsonBody body = JsonBody.read(call);
      body.object("skip");
      body.throwIfFaulty();
    }
  }

  /** The same. */
  static void disable(Call call) {
    if (call.bytes().length > 0) {
      JsonBody body = JsonBody.read(call);
      body.object("disable");
      body.throwIfFaulty();
    }
  }

  /** Whether what waits is skipped rather than sent. */
  static boolean enableSkipsBacklog(Call call) {
    if (call.bytes().length == 0) {
      return false;
    }
    JsonBody body = JsonBody.read(call);
    Field<String> backlog = body.object("enable").oneOf("backlog", List.of("send", "skip"));
    body.throwIfFaulty();
    return Optional.of("skip").equals(backlog.value());
  }
}
