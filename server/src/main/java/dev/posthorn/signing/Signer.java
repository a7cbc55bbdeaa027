package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

  private final List<ItemKey> keys;

  private Signer(List<ItemKey> keys) {
    this.keys = keys;
  }

  /**
   * A signer for all of these secrets.
   *
   * @throws IllegalArgumentException when there is none: nothing is ever sent unsigned
   */
  public static Signer of(List<? extends SigningSecret> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("A signer needs at least one secret");
    }
    Set<ByteBuffer> seen = new HashSet<>();
    List<ItemKey> keys = new ArrayList<>();
    for (SigningSecret secret : new LinkedHashSet<>(secrets)) {
      switch (secret) {
        case SharedSecret shared ->
            shared.keys().stream()
                .filter(key -> seen.add(ByteBuffer.wrap(key)))
                .forEach(key -> keys.add(new HmacKey(key)));
        case SigningKeyPair pair -> keys.add(new Ed25519Key(pair.privateKey()));
      }
    }
    return new Signer(List.copyOf(keys));
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
