package dev.posthorn.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Places in long lists, as opaque text that clients hand back to read on. A cursor is sealed for
 * one account and one list: changed, or brought by another account or to another list, it is
 * refused.
 *
 * <p>Form: base64url of a 16 byte HMAC-SHA256 tag and the place.
 */
public final class Cursors {
  private static final int TAG_BYTES = 16;
  private static final int LONGEST = 512;

  private final SecretKeySpec key;

  /**
   * @param key at least 16 bytes, the same on every node, or cursors of one would not be good at
   *     another
   */
  public Cursors(byte[] key) {
    if (key.length < TAG_BYTES) {
      throw new IllegalArgumentException("A cursor key needs 16 bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /**
   * The cursor for a place.
   *
   * @param list names the list and what it is filtered by
   * @param place where to read on, in the feature's own form
   */
  public String seal(long accountId, String list, String place) {
    byte[] text = place.getBytes(StandardCharsets.UTF_8);
    byte[] tag = tag(accountId, list, text);
    byte[] sealed = ByteBuffer.allocate(TAG_BYTES + text.length).put(tag).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** The place in a cursor that {@link #seal} made for the same account and list; else empty. */
  public Optional<String> open(long accountId, String list, String cursor) {
    if (cursor.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    return sealed.length < TAG_BYTES ? Optional.empty() : open(accountId, list, sealed);
  }

  /**
   * The place in the {@code cursor} parameter; empty when it is absent or, with the fault noted,
   * not one of this list.
   */
  public Optional<String> from(Query query, long accountId, String list) {
    Optional<String> sent = query.text("cursor");
    Optional<String> place = sent.flatMap(cursor -> open(accountId, list, cursor));
    if (sent.isPresent() && place.isEmpty()) {
      query.refuse("cursor", "invalid_cursor", "a cursor that this list gave out");
    }
    return place;
  }

  /** The answer with a {@code Link} to what comes after, other parameters kept. */
  public Answer linkNext(Answer answer, Call call, String list, String place) {
    String cursor = seal(call.accountId(), list, place);
    String query = Page.with(call.rawQuery(), "cursor", cursor);
    return answer.with("Link", "<" + call.publicUrl(call.path()) + "?" + query + ">; rel=\"next\"");
  }

  private Optional<String> open(long accountId, String list, byte[] sealed) {
    byte[] text = Arrays.copyOfRange(sealed, TAG_BYTES, sealed.length);
    byte[] sent = Arrays.copyOf(sealed, TAG_BYTES);
    return MessageDigest.isEqual(sent, tag(accountId, list, text))
        ? Optional.of(new String(text, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private byte[] tag(long accountId, String list, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] name = list.getBytes(StandardCharsets.UTF_8);
      // Lengths first, so that no two inputs run together to the same bytes.
      mac.update(ByteBuffer.allocate(12).putLong(accountId).putInt(name.length).flip());
      mac.update(name);
      return Arrays.copyOf(mac.doFinal(text), TAG_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256", e);
    }
  }
}
