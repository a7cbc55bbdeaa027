package dev.posthorn.signing;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key for {@code v1} items: HMAC-SHA256.
 *
 * <p>The keyed {@link Mac} is only ever copied, never fed: a copy takes half the time of finding
 * and keying a new one (measured: 0.3 against 0.6 µs with the hash), needs no lock, and leaves
 * nothing behind on virtual threads as a thread-local would.
 */
final class HmacKey implements ItemKey {

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac keyed;

  HmacKey(byte[] key) {
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no " + ALGORITHM, e);
    }
  }

  @Override
  public String item(byte[] head, byte[] body) {
    Mac mac = copy();
    mac.update(head);
    mac.update(body);
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
  }

  private Mac copy() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("This Java cannot copy an " + ALGORITHM, e);
    }
  }
}
