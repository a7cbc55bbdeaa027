package dev.posthorn.webhook;

import dev.posthorn.http.Problem;
import dev.posthorn.signing.SigningKeyPair;
import dev.posthorn.signing.SigningSecret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a webhook when its owner says something about it; stores nothing. */
public final class WebhookEdits {
  private static final Webhook.Status ENABLED =
      new Webhook.Status(true, null, null, Webhook.FOREVER, null, null, null, false);

  private final WebhookSecrets secrets;
  private final SecureRandom random;
  private final WebhookSettings settings;

  /**
   * @param random makes the secrets that customers leave to us
   */
  public WebhookEdits(WebhookSecrets secrets, SecureRandom random, WebhookSettings settings) {
    this.secrets = secrets;
    this.random = random;
    this.settings = settings;
  }

  /** Which webhook it is, in its account and in the engine. */
  record Identity(long accountId, long id, UUID publicId) {}

  /** A new webhook, with defaults for what was not sent. */
  Webhook created(Identity identity, WebhookForm.Sent sent, Instant now) {
    UUID publicId = identity.publicId();
    SigningSecret secret = sent.secret().value().orElseGet(() -> SigningSecret.generate(random));
    return new Webhook(
        identity.accountId(),
        identity.id(),
        publicId,
        sent.url().get().url().toString(),
        sent.description().orNull(),
        sent.filterTypes().value().map(FilterTypes::entries),
        headers(publicId, Map.of(), sent),
        new Webhook.SealedSecrets(secrets.seal(publicId, secret), null, null),
        rateLimit(sent.rateLimit().or((long) settings.usualRateLimit())),
        switched(ENABLED, sent.enabled().or(true), now),
        1,
        now,
        now);
  }

  /** The webhook with the fields that were sent; null sets one back to its default. */
  Webhook changed(Webhook current, WebhookForm.Sent sent, Instant now) {
    UUID publicId = current.publicId();
    return new Webhook(
        current.accountId(),
        current.id(),
        publicId,
        sent.url().value().map(target -> target.url().toString()).orElse(current.url()),
        sent.description().merge(current.description()),
        sent.filterTypes().isSent()
            ? sent.filterTypes().value().map(FilterTypes::entries)
            : current.filterTypes(),
        sent.headers().isSent()
            ? headers(publicId, secrets.headers(current), sent)
            : current.sealedHeaders(),
        secret(current, sent),
        rateLimit(
            sent.rateLimit().merge((long) current.rateLimit(), (long) settings.usualRateLimit())),
        switched(current.status(), sent.enabled().merge(current.status().enabled(), true), now),
        current.revision() + 1,
        current.createdAt(),
        now);
  }

  /** The webhook with a new secret; the old one goes on signing for the rotation's overlap. */
  Webhook rotated(Webhook current, WebhookForm.Rotation rotation, Instant now) {
    SigningSecret secret = rotation.secret().orElseGet(() -> generatedLike(current));
    byte[] sealed = secrets.seal(current.publicId(), secret);
    byte[] old = current.secrets().current();
    return next(
        current,
        rotation.overlap().isZero()
            ? new Webhook.SealedSecrets(sealed, null, null)
            : new Webhook.SealedSecrets(sealed, old, now.plus(rotation.overlap())),
        current.status(),
        now);
  }

  /** The webhook enabled or disabled; of the same revision when it is so already. */
  Webhook switched(Webhook current, boolean enable, Instant now) {
    return current.status().enabled() == enable
        ? current
        : next(current, current.secrets(), switched(current.status(), enable, now), now);
  }

  /** The webhook as it is, as a revision of its own: the engine reads it anew. */
  Webhook revised(Webhook current) {
    return next(current, current.secrets(), current.status(), current.updatedAt());
  }

  private static Webhook next(
      Webhook current, Webhook.SealedSecrets secrets, Webhook.Status status, Instant updatedAt) {
    return new Webhook(
        current.accountId(),
        current.id(),
        current.publicId(),
        current.url(),
        current.description(),
        current.filterTypes(),
        current.sealedHeaders(),
        secrets,
        current.rateLimit(),
        status,
        current.revision() + 1,
        current.createdAt(),
        updatedAt);
  }

  /** A secret that is set, and not rotated, replaces every old one at once. */
  private Webhook.SealedSecrets secret(Webhook current, WebhookForm.Sent sent) {
    if (!sent.secret().isSent()) {
      return current.secrets();
    }
    SigningSecret secret = sent.secret().value().orElseGet(() -> generatedLike(current));
    return new Webhook.SealedSecrets(secrets.seal(current.publicId(), secret), null, null);
  }

  /** A receiver that verifies with a public key needs another one of its kind. */
  private SigningSecret generatedLike(Webhook current) {
    return secrets.current(current) instanceof SigningKeyPair
        ? SigningKeyPair.generate(random)
        : SigningSecret.generate(random);
  }

  private byte @Nullable [] headers(
      UUID publicId, Map<String, String> current, WebhookForm.Sent sent) {
    Optional<Map<String, Optional<String>>> changes = sent.headers().value();
    Map<String, String> merged =
        changes.map(them -> StaticHeaders.merge(current, them)).orElse(Map.of());
    if (merged.size() > StaticHeaders.MOST) {
      String rule = "webhook.headers may have at most " + StaticHeaders.MOST + " fields.";
      throw Problem.invalid("webhook.headers", "too_many_items", rule).exception();
    }
    return merged.isEmpty() ? null : secrets.seal(publicId, merged);
  }

  private static int rateLimit(long perMinute) {
    return Math.toIntExact(perMinute); // the form has checked its range
  }

  /** Enabling forgets the pause that the receiver asked for, and its run of failures. */
  private Webhook.Status switched(Webhook.Status current, boolean enable, Instant now) {
    if (current.enabled() == enable) {
      return current;
    }
    return enable
        ? ENABLED
        : new Webhook.Status(
            false,
            DisabledReason.BY_HAND.text(),
            now,
            now.plus(settings.collectsWhileDisabled()),
            current.holdUntil(),
            current.failingSince(),
            current.warnedAt(),
            false);
  }
}
