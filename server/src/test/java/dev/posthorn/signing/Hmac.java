package dev.posthorn.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A second HMAC-SHA256, written from RFC 2104, to judge the first by. */
final class Hmac {

  private static final int BLOCK_BYTES = 64;

  private Hmac() {}

  static String item(byte[] key, String id, long timestamp, byte[] body) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes((id + "." + timestamp + ".").getBytes(UTF_8));
    content.writeBytes(body);
    return "v1," + Base64.getEncoder().encodeToString(mac(key, content.toByteArray()));
  }

  private static byte[] mac(byte[] key, byte[] content) {
    byte[] block =
        Arrays.copyOf(key.length > BLOCK_BYTES ? sha256(key, new byte[0]) : key, BLOCK_BYTES);
    return sha256(xor(block, 0x5c), sha256(xor(block, 0x36), content));
  }

  private static byte[] xor(byte[] block, int with) {
    byte[] result = new byte[block.length];
    for (int i = 0; i < block.length; i++) {
      result[i] = (byte) (block[i] ^ with);
    }
    return result;
  }

  private static byte[] sha256(byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      return digest.digest(second);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
