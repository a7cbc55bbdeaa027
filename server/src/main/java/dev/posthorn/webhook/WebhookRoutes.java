package dev.posthorn.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Page;
import dev.posthorn.http.Query;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Webhooks over the API. */
public final class WebhookRoutes implements Routes {
  private static final String KEY = "webhook";

  private final WebhookRegister register;
  private final WebhookForm form;
  private final WebhookView view;
  private final InstantSource clock;

  /**
   * @param clock the engine's
   */
  public WebhookRoutes(
      WebhookRegister register, WebhookForm form, WebhookView view, InstantSource clock) {
    this.register = register;
    this.form = form;
    this.view = view;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/webhooks", Scope.WEBHOOKS_READ, this::list).withQuery(),
        Route.post("/webhooks", Scope.WEBHOOKS_WRITE, this::create),
        Route.get("/webhooks/{id}", Scope.WEBHOOKS_READ, this::read),
        Route.patch("/webhooks/{id}", Scope.WEBHOOKS_WRITE, this::change),
        Route.delete("/webhooks/{id}", Scope.WEBHOOKS_WRITE, this::delete),
        // Who has the secret can forge deliveries, so that reading it is no mere reading.
        Route.get("/webhooks/{id}/secret", Scope.WEBHOOKS_WRITE, this::reveal),
        Route.post("/webhooks/{id}/secret/rotate", Scope.WEBHOOKS_WRITE, this::rotate));
  }

  private Answer list(Call call) {
    Query query = call.query();
    Page page = query.page();
    query.throwIfFaulty();
    WebhookRegister.Listed listed = register.list(call.accountId(), page.size(), page.offset());
    List<ObjectNode> webhooks =
        listed.webhooks().stream().map(one -> view.webhook(one, Optional.empty())).toList();
    return page.link(Answer.list("webhooks", webhooks), call, listed.total());
  }

  private Answer create(Call call) {
    WebhookForm.Sent sent = form.creation(call);
    Webhook webhook = register.create(call.accountId(), sent);
    String location = Route.API + "/webhooks/" + webhook.publicId();
    return Answer.created(location, KEY, view.created(webhook, sent.warning()))
        .with("ETag", view.tag(webhook));
  }

  private Answer read(Call call) {
    Webhook webhook = register.find(call.accountId(), call.pathUuid("id"));
    return Answer.object(KEY, view.webhook(webhook, Optional.empty())).withETag();
  }

  private Answer change(Call call) {
    UUID id = call.pathUuid("id");
    register.find(call.accountId(), id); // an unknown one is no reason to ask name servers
    WebhookForm.Sent sent = form.changes(call);
    Webhook changed =
        register.change(call.accountId(), id, sent, current -> requireMatch(call, current));
    return Answer.object(KEY, view.webhook(changed, sent.warning()))
        .with("ETag", view.tag(changed));
  }

  private Answer delete(Call call) {
    register.delete(call.accountId(), call.pathUuid("id"), current -> requireMatch(call, current));
    return Answer.noContent();
  }

  private Answer reveal(Call call) {
    return secret(register.find(call.accountId(), call.pathUuid("id")));
  }

  private Answer rotate(Call call) {
    UUID id = call.pathUuid("id");
    register.find(call.accountId(), id);
    return secret(register.rotate(call.accountId(), id, form.rotation(call)));
  }

  private Answer secret(Webhook webhook) {
    return Answer.object("secret", view.secret(webhook, clock.instant()))
        .with("Cache-Control", "no-store");
  }

  private void requireMatch(Call call, Webhook current) {
    if (call.isConditional()) {
      call.requireMatch(view.tag(current));
    }
  }
}
