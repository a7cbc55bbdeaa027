package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the value of the {@code webhook-signature} header.
 *
 * <p>Prepared once from a webhook's secrets (the current one first, then those that a rotation
 * keeps alive), then used for every request, by any number of threads at once.
 *
 * <p>The value is one item for each distinct key, {@code v1,<padded base64>} or {@code v1a,…}, with
 * one space between: stricter parsers than the specification asks for crash on anything else.
 */
public final class Signer {

  private static final byte[] NOTHING = {};

  private final List<ItemKey> keys;

  private Signer(List<ItemKey> keys) {
    this.keys = keys;
  }

  /**
   * A signer for all of these secrets.
   *
   * <p>Keys are the same when they sign the same, which HMAC does for more than equal bytes: it
   * pads a short key with zeros, so a key and the same key with a zero behind it are one.
   *
   * @throws IllegalArgumentException when there is none: nothing is ever sent unsigned
   */
  public static Signer of(List<? extends SigningSecret> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("A signer needs at least one secret");
    }
    Map<String, ItemKey> distinct = new LinkedHashMap<>();
    secrets.stream()
        .flatMap(Signer::keysOf)
        .forEach(key -> distinct.putIfAbsent(key.item(NOTHING, NOTHING), key));
    return new Signer(List.copyOf(distinct.values()));
  }

  private static Stream<ItemKey> keysOf(SigningSecret secret) {
    return switch (secret) {
      case SharedSecret shared -> shared.keys().stream().map(HmacKey::new);
      case SigningKeyPair pair -> Stream.of(new Ed25519Key(pair.privateKey()));
    };
  }

  /**
   * Signs {@code id.timestamp.body}; the body is read where it lies, not copied.
   *
   * @param id the {@code webhook-id}: visible ASCII without a full stop, which would let one
   *     signature stand for two requests
   * @param timestampSeconds the {@code webhook-timestamp}: Unix time, not negative
   * @param body the exact bytes that are sent
   */
  public String sign(String id, long timestampSeconds, byte[] body) {
    byte[] head = head(id, timestampSeconds);
    if (keys.size() == 1) {
      return keys.getFirst().item(head, body);
    }
    return keys.stream().map(key -> key.item(head, body)).collect(Collectors.joining(" "));
  }

  private static byte[] head(String id, long timestampSeconds) {
    if (id.isEmpty() || !id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.')) {
      throw new IllegalArgumentException(
          "A webhook id is visible ASCII without a full stop: " + id);
    }
    if (timestampSeconds < 0) {
      throw new IllegalArgumentException("A timestamp is not negative: " + timestampSeconds);
    }
    return (id + '.' + timestampSeconds + '.').getBytes(US_ASCII);
  }
}
