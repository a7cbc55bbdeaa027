package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Json;
import dev.posthorn.http.Problem;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import dev.posthorn.webhook.Webhook;
import dev.posthorn.webhook.WebhookRegister;
import dev.posthorn.webhook.WebhookView;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What a customer does by hand to a webhook and its deliveries, over the API. */
public final class ActionRoutes implements Routes {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Actions actions;
  private final AttemptWatch watch;
  private final Examples examples;
  private final WebhookView view;
  private final EngineClock clock;

  /**
   * What the routes work with.
   *
   * @param database the API's connections
   * @param clock and {@code ids}: the engine's
   */
  public record Parts(
      Database database,
      DeliveryEngine engine,
      WebhookRegister register,
      WebhookView view,
      Examples examples,
      EngineClock clock,
      TimeOrderedIds ids) {}

  public ActionRoutes(Parts parts) {
    this(parts, PATIENCE);
  }

  /**
   * @param patience how long a test or a retry is waited for
   */
  ActionRoutes(Parts parts, Duration patience) {
    this.actions =
        new Actions(parts.database(), parts.engine(), parts.register(), parts.clock(), parts.ids());
    this.watch = new AttemptWatch(parts.database(), parts.clock(), patience);
    this.examples = parts.examples();
    this.view = parts.view();
    this.clock = parts.clock();
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/webhooks/{id}/test", Scope.WEBHOOKS_WRITE, this::test),
        Route.post("/webhooks/{id}/recover", Scope.WEBHOOKS_WRITE, this::recover),
        Route.post("/webhooks/{id}/skip", Scope.WEBHOOKS_WRITE, this::skip),
        Route.post("/webhooks/{id}/enable", Scope.WEBHOOKS_WRITE, this::enable),
        Route.post("/webhooks/{id}/disable", Scope.WEBHOOKS_WRITE, this::disable),
        Route.post("/deliveries/{id}/retry", Scope.WEBHOOKS_WRITE, this::retry));
  }

  private Answer test(Call call) {
    UUID webhook = call.pathUuid("id");
    ActionForm.Test test = ActionForm.test(call, examples);
    return await(actions.sendTest(call.accountId(), webhook, test.eventType(), test.payload()));
  }

  private Answer retry(Call call) {
    DeliveryJson.Id id =
        DeliveryJson.parseId(call.pathText("id")).orElseThrow(() -> Problem.notFound().exception());
    return await(actions.retry(call.accountId(), id));
  }

  private Answer await(Actions.Begun begun) {
    return switch (watch.await(begun.lane(), begun.event(), begun.attempts())) {
      case Awaited.Attempted(StoredAttempt attempt) ->
          Answer.object("attempt", DeliveryJson.attempt(attempt));
      case Awaited.Due(StoredDelivery delivery, ReceivingWebhook webhook) ->
          Answer.object("delivery", DeliveryJson.delivery(delivery, webhook, clock.instant()))
              .withStatus(202);
    };
  }

  private Answer recover(Call call) {
    UUID webhook = call.pathUuid("id");
    ActionForm.Recover sent = ActionForm.recover(call, clock.instant());
    Recovery.Asked asked =
        sent.isDryRun()
            ? actions.countRecovery(call.accountId(), webhook, sent.wanted())
            : actions.recover(call.accountId(), webhook, sent.wanted());
    return Answer.object("recover", json(sent.wanted(), asked))
        .withStatus(sent.isDryRun() ? 200 : 202);
  }

  private static ObjectNode json(Recovery wanted, Recovery.Asked asked) {
    ObjectNode json = Json.object();
    json.put("id", asked.id().map(UUID::toString).orElse(null));
    json.put("since", Json.time(wanted.since()));
    json.put("until", Json.time(asked.until()));
    wanted.states().forEach(json.putArray("states")::add);
    return put(json, asked.found());
  }

  private Answer skip(Call call) {
    ActionForm.skip(call);
    Counted waiting = actions.skip(call.accountId(), call.pathUuid("id"));
    return Answer.object("skip", put(Json.object(), waiting)).withStatus(202);
  }

  private static ObjectNode put(ObjectNode json, Counted counted) {
    return json.put("count", counted.count()).put("capped", counted.capped());
  }

  private Answer enable(Call call) {
    boolean skipsBacklog = ActionForm.enableSkipsBacklog(call);
    return webhook(actions.enable(call.accountId(), call.pathUuid("id"), skipsBacklog));
  }

  private Answer disable(Call call) {
    ActionForm.disable(call);
    return webhook(actions.disable(call.accountId(), call.pathUuid("id")));
  }

  private Answer webhook(Webhook webhook) {
    return Answer.object("webhook", view.webhook(webhook)).with("ETag", view.tag(webhook));
  }
}
