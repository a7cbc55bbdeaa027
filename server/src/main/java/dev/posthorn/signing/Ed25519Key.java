package dev.posthorn.signing;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** A key for {@code v1a} items; not a record, whose {@code toString} would show it. */
final class Ed25519Key implements ItemKey {

  private final PrivateKey key;

  Ed25519Key(PrivateKey key) {
    this.key = key;
  }

  @Override
  public String item(byte[] head, byte[] body) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(head);
      signature.update(body);
      return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot sign with Ed25519", e);
    }
  }
}
