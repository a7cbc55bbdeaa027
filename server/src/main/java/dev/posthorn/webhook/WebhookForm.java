package dev.posthorn.webhook;

import dev.posthorn.egress.UrlRule;
import dev.posthorn.http.Call;
import dev.posthorn.http.Field;
import dev.posthorn.http.Fields;
import dev.posthorn.http.JsonBody;
import dev.posthorn.signing.ParsedSecret;
import dev.posthorn.signing.SigningSecret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads what a customer says about a webhook, and notes every fault of it. */
public final class WebhookForm {
  private static final int LONGEST_DESCRIPTION = 1_000;
  private static final int LONGEST_OVERLAP_HOURS = 168;
  private static final int USUAL_OVERLAP_HOURS = 24;

  private final WebhookTargets targets;
  private final KnownTypes types;
  private final WebhookSettings settings;

  public WebhookForm(WebhookTargets targets, KnownTypes types, WebhookSettings settings) {
    this.targets = targets;
    this.types = types;
    this.settings = settings;
  }

  /** The fields as they were sent, each absent, null or a value. */
  record Sent(
      Field<WebhookTargets.Target> url,
      Field<String> description,
      Field<FilterTypes> filterTypes,
      Field<SigningSecret> secret,
      Field<Long> rateLimit,
      Field<Map<String, Optional<String>>> headers,
      Field<Boolean> enabled) {

    /** What the look-up of a new URL left in doubt. */
    Optional<Warning> warning() {
      return url.value().flatMap(WebhookTargets.Target::warning);
    }
  }

  /**
   * A rotation.
   *
   * @param secret the new one; absent to have one generated
   * @param overlap how long the old one goes on signing
   */
  record Rotation(Optional<SigningSecret> secret, Duration overlap) {}

  /** A webhook to create; looks its host up. */
  Sent creation(Call call) {
    return read(call, true);
  }

  /** Changes to a webhook; looks the host of a new URL up. */
  Sent changes(Call call) {
    return read(call, false);
  }

  private Sent read(Call call, boolean isNew) {
    JsonBody body = JsonBody.read(call);
    Fields webhook = body.object("webhook");
    Field<String> url = webhook.text("url", UrlRule.MAX_LENGTH);
    Sent sent =
        new Sent(
            (isNew ? url.required() : url.notNull()).convert(targets::check),
            webhook.text("description", LONGEST_DESCRIPTION),
            FilterReader.read(webhook, types, call.accountId()),
            secret(webhook),
            webhook.integer("rate_limit", 1, settings.highestRateLimit()),
            StaticHeaders.read(webhook),
            webhook.bool("enabled"));
    body.throwIfFaulty();
    return sent;
  }

  Rotation rotation(Call call) {
    JsonBody body = JsonBody.read(call);
    Fields fields = body.object("secret");
    Field<SigningSecret> secret = secret(fields);
    Field<Long> hours = fields.integer("expire_old_after_hours", 0, LONGEST_OVERLAP_HOURS);
    body.throwIfFaulty();
    return new Rotation(secret.value(), Duration.ofHours(hours.or((long) USUAL_OVERLAP_HOURS)));
  }

  private static Field<SigningSecret> secret(Fields fields) {
    // A character can take two units; the secret's own rule counts characters.
    return fields
        .secretText("secret", 2 * SigningSecret.MAX_CHARACTERS)
        .convert(text ->
            switch (SigningSecret.parse(text)) {
              case ParsedSecret.Accepted accepted -> new Field.Result.Kept<>(accepted.secret());
              case ParsedSecret.Refused(String code, String message) ->
                  new Field.Result.Refused<>(code, message);
            });
  }
}
