package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The keys that official libraries read from a text that is not a well-formed {@code whsec_}
 * secret.
 *
 * <ol>
 *   <li>Lenient base64: padding optional, other characters skipped, a last lone character dropped.
 *       Strict libraries read the same key or none. So {@code secret} gives {@code b1e72b7a}, and
 *       {@code your-webhook-secret}, which only lenient libraries read at all (PHP, Ruby), gives
 *       {@code ca8babc1e6e1a2892c79cade}.
 *   <li>The same up to a {@code =} that can be padding: there Ruby and Python stop, and PHP goes
 *       on.
 *   <li>The UTF-8 bytes of the whole text: what a caller gives to a raw-bytes constructor.
 *   <li>The low byte of each character: what JavaScript's {@code format: "raw"} makes of a text.
 * </ol>
 *
 * <p>Equal readings count once and empty ones not at all, so an ordinary word gives two keys. A
 * signature more does no harm: receivers accept a request when any one matches.
 */
final class KeyReadings {

  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private KeyReadings() {}

  /**
   * The distinct keys in the order above; at least one.
   *
   * @param encoded the text as it may be base64, without {@code whsec_}
   * @param text the whole text, not empty
   */
  static List<byte[]> of(String encoded, String text) {
    SequencedSet<ByteBuffer> keys = new LinkedHashSet<>();
    keys.add(ByteBuffer.wrap(lenientBase64(encoded, false)));
    keys.add(ByteBuffer.wrap(lenientBase64(encoded, true)));
    keys.add(ByteBuffer.wrap(text.getBytes(UTF_8)));
    keys.add(ByteBuffer.wrap(lowBytes(text)));
    return keys.stream().filter(ByteBuffer::hasRemaining).map(ByteBuffer::array).toList();
  }

  private static byte[] lenientBase64(String encoded, boolean stopAtPadding) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (stopAtPadding && c == '=' && digits.length() % 4 >= 2) {
        break;
      }
      if (DIGITS.indexOf(c) >= 0) {
        digits.append(c);
      }
    }
    // One digit of a new group is less than a byte.
    int lone = digits.length() % 4 == 1 ? 1 : 0;
    return Base64.getDecoder().decode(digits.substring(0, digits.length() - lone));
  }

  /**
   * One byte a code point, of its first UTF-16 unit: {@code Uint8Array.from(text, charCodeAt(0))}.
   */
  private static byte[] lowBytes(String text) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    text.codePoints().map(codePoint -> Character.toChars(codePoint)[0]).forEach(key::write);
    return key.toByteArray();
  }
}
