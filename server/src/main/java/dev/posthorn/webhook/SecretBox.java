package dev.posthorn.webhook;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets for storage with AES-256-GCM (NIST SP 800-38D); safe for many threads at once.
 *
 * <p>A sealed secret is a version byte (1), a random nonce of 96 bits, and the ciphertext with its
 * tag of 128 bits. The associated data is not stored: it binds the secret to its place, for example
 * to the id of its row, so that it cannot be moved to another. Random nonces allow 2³² seals a key.
 */
public final class SecretBox {

  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int SHORTEST = 1 + NONCE_BYTES + TAG_BYTES;

  private final SecretKey key;
  private final SecureRandom random;

  public SecretBox(EncryptionKey key, SecureRandom random) {
    this.key = key.aes();
    this.random = random;
  }

  /** Seals {@code plain} under a fresh nonce: the result is {@value #SHORTEST} bytes longer. */
  public byte[] seal(byte[] plain, byte[] associatedData) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(plain);
      return ByteBuffer.allocate(plain.length + SHORTEST)
          .put(VERSION)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot seal with AES-256-GCM", e);
    }
  }

  /**
   * What was sealed.
   *
   * @throws BrokenSealException when {@code sealed} is not what {@link #seal} returned for this key
   *     and this associated data
   */
  public byte[] open(byte[] sealed, byte[] associatedData) {
    if (sealed.length < SHORTEST || sealed[0] != VERSION) {
      throw new BrokenSealException(
          "Not a sealed secret of version %d: %d bytes".formatted(VERSION, sealed.length));
    }
    ByteBuffer rest = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
    byte[] nonce = new byte[NONCE_BYTES];
    rest.get(nonce);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, associatedData);
      return cipher.doFinal(sealed, rest.position(), rest.remaining());
    } catch (AEADBadTagException e) {
      throw new BrokenSealException(
          "A sealed secret was altered, moved, or sealed with another encryption key");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot open AES-256-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] associatedData)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(associatedData);
    return cipher;
  }
}
