package dev.posthorn.signing;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An Ed25519 key pair for {@code v1a} signatures: the receiver holds only the public half.
 *
 * <p>The text is {@code whsk_} and padded base64 of 64 bytes: the seed, then the public key that
 * belongs to it (the layout of RFC 8032 implementations such as libsodium).
 */
public record SigningKeyPair(String text) implements SigningSecret {

  static final String PREFIX = "whsk_";

  private static final String PUBLIC_PREFIX = "whpk_";
  private static final String ALGORITHM = "Ed25519";
  private static final int KEY_BYTES = 32;

  /** What stands before the 32 bytes in an X.509 public key (RFC 8410, section 4). */
  private static final byte[] X509_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Refuses a text that is not a sound pair; the message does not show it. */
  public SigningKeyPair {
    if (!isSound(text)) {
      throw new IllegalArgumentException(
          "The key pair is not \"whsk_\" and base64 of an Ed25519 seed and its public key.");
    }
  }

  /** A new pair; {@code random} makes the seed. */
  public static SigningKeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, random);
      KeyPair pair = generator.generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] both = Arrays.copyOf(seed, 2 * KEY_BYTES);
      byte[] encoded = pair.getPublic().getEncoded();
      System.arraycopy(encoded, X509_HEADER.length, both, KEY_BYTES, KEY_BYTES);
      return new SigningKeyPair(PREFIX + Base64.getEncoder().encodeToString(both));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot make Ed25519 keys", e);
    }
  }

  static Optional<SigningKeyPair> read(String text) {
    return isSound(text) ? Optional.of(new SigningKeyPair(text)) : Optional.empty();
  }

  /** What the receiver configures: {@code whpk_} and base64 of the public key's 32 bytes. */
  public String publicKey() {
    byte[] key = Arrays.copyOfRange(bytesOf(text), KEY_BYTES, 2 * KEY_BYTES);
    return PUBLIC_PREFIX + Base64.getEncoder().encodeToString(key);
  }

  PrivateKey privateKey() {
    try {
      return privateKeyOf(bytesOf(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot read an Ed25519 seed", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKeyPair[hidden]";
  }

  /** Whether the text has the form and its public half verifies what its seed signs. */
  private static boolean isSound(String text) {
    try {
      byte[] both = text.startsWith(PREFIX) ? bytesOf(text) : new byte[0];
      return both.length == 2 * KEY_BYTES && belongTogether(both);
    } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
      return false;
    }
  }

  private static boolean belongTogether(byte[] both) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(privateKeyOf(both));
    signature.update(both);
    byte[] signed = signature.sign();
    signature.initVerify(publicKeyOf(both));
    signature.update(both);
    return signature.verify(signed);
  }

  private static PrivateKey privateKeyOf(byte[] both) throws GeneralSecurityException {
    byte[] seed = Arrays.copyOf(both, KEY_BYTES);
    return KeyFactory.getInstance(ALGORITHM)
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }

  private static PublicKey publicKeyOf(byte[] both) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(X509_HEADER, X509_HEADER.length + KEY_BYTES);
    System.arraycopy(both, KEY_BYTES, encoded, X509_HEADER.length, KEY_BYTES);
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static byte[] bytesOf(String text) {
    return Base64.getDecoder().decode(text.substring(PREFIX.length()));
  }
}
