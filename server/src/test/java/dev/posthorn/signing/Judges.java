package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The official libraries, asked about a request that was signed a moment ago. */
final class Judges {

  static final String ID = "evt_01k8z4x9v6w3f0t2r7m5q8n1bc";
  static final String BODY = "{\"id\":2279,\"url\":\"https://example.com/opportunities/2279\"}";

  private Judges() {}

  /** Signs {@link #BODY} now: the libraries compare the timestamp with the wall clock. */
  static Map<String, List<String>> request(Signer signer) {
    long now = Instant.now().getEpochSecond();
    return Map.of(
        "webhook-id", List.of(ID),
        "webhook-timestamp", List.of(Long.toString(now)),
        "webhook-signature", List.of(signer.sign(ID, now, BODY.getBytes(UTF_8))));
  }

  static boolean accept(String secret, Map<String, List<String>> request) {
    return standardWebhooksAccepts(secret, request) && svixAccepts(secret, request);
  }

  static boolean accept(byte[] key, Map<String, List<String>> request) {
    try {
      new com.standardwebhooks.Webhook(key).verify(BODY, request);
      new com.svix.Webhook(key).verify(BODY, request);
      return true;
    } catch (Exception refused) {
      return false;
    }
  }

  static boolean standardWebhooksAccepts(String secret, Map<String, List<String>> request) {
    try {
      new com.standardwebhooks.Webhook(secret).verify(BODY, request);
      return true;
    } catch (WebhookVerificationException refused) {
      return false;
    } catch (com.standardwebhooks.exceptions.EmptyWebhookSecretException e) {
      throw new AssertionError(e);
    }
  }

  static boolean svixAccepts(String secret, Map<String, List<String>> request) {
    try {
      new com.svix.Webhook(secret).verify(BODY, request);
      return true;
    } catch (com.svix.exceptions.WebhookVerificationException refused) {
      return false;
    } catch (com.svix.exceptions.EmptyWebhookSecretException e) {
      throw new AssertionError(e);
    }
  }
}
