package dev.posthorn.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Answer;
import dev.posthorn.http.ETag;
import dev.posthorn.http.Json;
import dev.posthorn.signing.ParsedSecret;
import dev.posthorn.signing.SigningSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhooks as the API shows them: secrets as hints, header values masked. */
public final class WebhookView {
  /** Not ASCII, so that it is refused when a client sends back what it has read. */
  private static final String MASK = "••••••";

  private static final int VERSION = 1;

  private final WebhookSecrets secrets;

  public WebhookView(WebhookSecrets secrets) {
    this.secrets = secrets;
  }

  /** The webhook. */
  public ObjectNode webhook(Webhook webhook) {
    return webhook(webhook, Optional.empty());
  }

  /**
   * The webhook, with what was doubtful about the change that made it so.
   *
   * @param doubt shown this once
   */
  ObjectNode webhook(Webhook webhook, Optional<Warning> doubt) {
    SigningSecret secret = secrets.current(webhook);
    ObjectNode json = Json.object();
    json.put("id", webhook.publicId().toString());
    json.put("url", webhook.url());
    json.put("version", VERSION);
    json.put("description", webhook.description());
    webhook
        .filterTypes()
        .ifPresentOrElse(
            types -> types.forEach(json.putArray("filter_types")::add),
            () -> json.putNull("filter_types"));
    json.put("rate_limit", webhook.rateLimit());
    ObjectNode headers = json.putObject("headers");
    secrets.headers(webhook).keySet().forEach(name -> headers.put(name, MASK));
    putStatus(json, webhook.status());
    json.put("secret_hint", secret.hint());
    json.set("warnings", warnings(secret, doubt));
    json.put("created_at", Json.time(webhook.createdAt()));
    json.put("updated_at", Json.time(webhook.updatedAt()));
    return json;
  }

  private static void putStatus(ObjectNode json, Webhook.Status status) {
    json.put("enabled", status.enabled());
    json.put("disabled_reason", status.disabledReason());
    json.put("disabled_at", time(status.disabledAt()));
    json.put("failing_since", time(status.failingSince()));
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : Json.time(time);
  }

  /** The same with its secret, for the answer to its creation. */
  ObjectNode created(Webhook webhook, Optional<Warning> doubt) {
    return webhook(webhook, doubt).put("secret", secrets.current(webhook).text());
  }

  /** The secret itself, and until when the one before it goes on signing. */
  ObjectNode secret(Webhook webhook, Instant now) {
    SigningSecret secret = secrets.current(webhook);
    @Nullable Instant until = webhook.secrets().previousUntil();
    boolean overlaps = until != null && now.isBefore(until);
    ObjectNode json = Json.object();
    json.put("secret", secret.text());
    json.put("old_expires_at", overlaps && until != null ? Json.time(until) : null);
    json.set("warnings", warnings(secret, Optional.empty()));
    return json;
  }

  /** The entity tag of reading the webhook now. */
  public String tag(Webhook webhook) {
    return ETag.of(Answer.object("webhook", webhook(webhook, Optional.empty())).body());
  }

  private static ArrayNode warnings(SigningSecret secret, Optional<Warning> doubt) {
    List<Warning> all = new ArrayList<>();
    if (SigningSecret.parse(secret.text()) instanceof ParsedSecret.Accepted accepted) {
      accepted.warning().ifPresent(text -> all.add(new Warning("unusual_secret", text)));
    }
    doubt.ifPresent(all::add);
    ArrayNode json = Json.array();
    all.forEach(one -> json.addObject().put("code", one.code()).put("message", one.message()));
    return json;
  }
}
