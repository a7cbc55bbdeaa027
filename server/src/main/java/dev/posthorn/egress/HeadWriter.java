package dev.posthorn.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers the bytes of a request, to go out in one write. Kept with its connection, so that a
 * request costs no buffer.
 */
final class HeadWriter {
  private static final int USUAL_BYTES = 1_024;

  /** After a request that took more, the room is given back. */
  private static final int MOST_KEPT_BYTES = 4 * 1_024;

  private byte[] bytes = new byte[USUAL_BYTES];
  private int length;

  HeadWriter begin() {
    if (bytes.length > MOST_KEPT_BYTES) {
      bytes = new byte[USUAL_BYTES];
    }
    length = 0;
    return this;
  }

  /**
   * @param text of Latin-1 characters
   */
  HeadWriter add(String text) {
    return add(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  HeadWriter add(byte[] more) {
    if (more.length > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more.length));
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }
}
