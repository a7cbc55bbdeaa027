package dev.posthorn.signing;

/** One key that makes one item of a signature header; safe for use by many threads at once. */
sealed interface ItemKey permits HmacKey, Ed25519Key {

  /** The item for {@code head} followed by {@code body}: version, comma, padded base64. */
  String item(byte[] head, byte[] body);
}
