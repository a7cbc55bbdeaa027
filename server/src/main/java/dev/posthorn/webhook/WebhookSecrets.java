package dev.posthorn.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.signing.ParsedSecret;
import dev.posthorn.signing.SigningSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What of a webhook is sealed at rest: its secrets and its static headers, which often carry
 * tokens. Each is bound to the webhook's public id, so a sealed value that is moved to another row
 * does not open.
 */
public final class WebhookSecrets {
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  private final SecretBox box;
  private final ObjectMapper json = new ObjectMapper();

  public WebhookSecrets(SecretBox box) {
    this.box = box;
  }

  public byte[] seal(UUID webhook, SigningSecret secret) {
    return box.seal(secret.text().getBytes(StandardCharsets.UTF_8), place(webhook));
  }

  public byte[] seal(UUID webhook, Map<String, String> headers) {
    try {
      return box.seal(json.writeValueAsBytes(headers), place(webhook));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers that cannot be written as JSON", e);
    }
  }

  /** The secret that the customer configures. */
  public SigningSecret current(Webhook webhook) {
    return open(webhook.publicId(), webhook.secrets().current());
  }

  /**
   * The secrets that sign at a moment: the current one, and the one before it while a rotation
   * keeps it.
   */
  public List<SigningSecret> signing(Webhook webhook, Instant now) {
    List<SigningSecret> secrets = new ArrayList<>();
    secrets.add(current(webhook));
    byte[] previous = webhook.secrets().previous();
    Instant until = webhook.secrets().previousUntil();
    if (previous != null && until != null && now.isBefore(until)) {
      secrets.add(open(webhook.publicId(), previous));
    }
    return secrets;
  }

  /** The static headers, in the order in which the customer gave them. */
  public Map<String, String> headers(Webhook webhook) {
    byte[] sealed = webhook.sealedHeaders();
    if (sealed == null) {
      return Map.of();
    }
    try {
      return json.readValue(box.open(sealed, place(webhook.publicId())), HEADERS);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(
          "webhook " + webhook.publicId() + ": its sealed headers are not JSON", e);
    }
  }

  private SigningSecret open(UUID webhook, byte[] sealed) {
    String text = new String(box.open(sealed, place(webhook)), StandardCharsets.UTF_8);
    return switch (SigningSecret.parse(text)) {
      case ParsedSecret.Accepted accepted -> accepted.secret();
      case ParsedSecret.Refused refused ->
          throw new IllegalStateException(
              "webhook " + webhook + ": its stored secret is refused: " + refused.message());
    };
  }

  private static byte[] place(UUID webhook) {
    return ByteBuffer.allocate(16)
        .putLong(webhook.getMostSignificantBits())
        .putLong(webhook.getLeastSignificantBits())
        .array();
  }
}
