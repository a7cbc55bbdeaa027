package dev.posthorn.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that seals secrets at rest: 256 random bits, written as base64.
 *
 * <p>Without it what it sealed is lost, so a database keeps its {@link #checkValue()} and a start
 * with another key can be refused in words.
 */
public final class EncryptionKey {

  private static final int KEY_BYTES = 32;

  private final byte[] bytes;

  private EncryptionKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a configured key; white space around it is ignored.
   *
   * @throws IllegalArgumentException in words for the operator, without the value
   */
  public static EncryptionKey parse(String base64) {
    byte[] bytes = decode(base64.strip());
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "The encryption key has %d bytes; it must be base64 of %d, as 'openssl rand -base64 32' makes."
              .formatted(bytes.length, KEY_BYTES));
    }
    return new EncryptionKey(bytes);
  }

  public static EncryptionKey generate(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return new EncryptionKey(bytes);
  }

  /**
   * The key in {@code file}; when there is none yet, a new one that is on disk, readable by its
   * owner only, before this returns. Two processes must not do this at once for one file.
   *
   * @throws IllegalStateException in words for the operator, when others may read the file or it
   *     does not hold a key
   * @throws java.io.UncheckedIOException when the file cannot be read or written
   */
  public static EncryptionKey loadOrCreate(Path file, SecureRandom random) {
    return new EncryptionKeyFile(file).loadOrCreate(random);
  }

  /**
   * What recognises this key and gives nothing of it away: 64 hexadecimal digits, the same for the
   * same key for ever.
   */
  public String checkValue() {
    return HexFormat.of().formatHex(mac("posthorn encryption key 1"));
  }

  /**
   * A key of 32 bytes for another purpose, the same on every node that has this key.
   *
   * @param purpose in US-ASCII
   */
  public byte[] derive(String purpose) {
    return mac("posthorn derived key 1 " + purpose);
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return mac.doFinal(text.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "EncryptionKey[hidden]";
  }

  /** The form that {@link #parse} reads. */
  String text() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  SecretKey aes() {
    return new SecretKeySpec(bytes, "AES");
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Not as the cause: the decoder's message quotes a character of the key.
      throw new IllegalArgumentException(
          "The encryption key is not base64; make one with 'openssl rand -base64 32'.");
    }
  }
}
