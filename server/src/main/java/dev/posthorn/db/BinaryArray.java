package dev.posthorn.db;

import java.nio.ByteBuffer;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An array of one dimension in the form that PostgreSQL receives and sends ({@code array_recv} and
 * {@code array_send} in its source, arrayfuncs.c): number of dimensions, whether there are nulls,
 * element type, length, lower bound; then each element's length, -1 for a null, and its bytes.
 *
 * <p>For sending only. The driver's own arrays of ids and times go over as text.
 */
@SuppressWarnings("serial") // as the driver's type is, for no reason of ours
final class BinaryArray extends PGobject implements PGBinaryObject {
  private static final int HEADER_BYTES = 20;
  private static final int HAS_NULLS_AT = 4;

  private ByteBuffer bytes;

  /**
   * @param length how many elements will be added
   */
  BinaryArray(ArrayType type, int length) {
    this.type = type.arrayName();
    this.bytes = ByteBuffer.allocate(HEADER_BYTES + 20 * length);
    bytes.putInt(1).putInt(0).putInt(type.elementOid()).putInt(length).putInt(1);
  }

  void addNull() {
    ensureRoom(Integer.BYTES).putInt(-1).putInt(HAS_NULLS_AT, 1);
  }

  void addInt(int value) {
    ensureRoom(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
  }

  void addLong(long value) {
    ensureRoom(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
  }

  /** One element of 16 bytes. */
  void addLongs(long high, long low) {
    ensureRoom(Integer.BYTES + 2 * Long.BYTES).putInt(2 * Long.BYTES).putLong(high).putLong(low);
  }

  void addBytes(byte[] value) {
    ensureRoom(Integer.BYTES + value.length).putInt(value.length).put(value);
  }

  private ByteBuffer ensureRoom(int more) {
    if (bytes.remaining() < more) {
      int wanted = Math.addExact(bytes.position(), more);
      bytes = ByteBuffer.allocate(Math.max(wanted, 2 * bytes.capacity())).put(bytes.flip());
    }
    return bytes;
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("only for sending");
  }

  @Override
  public int lengthInBytes() {
    return bytes.position();
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    bytes.get(0, target, offset, bytes.position());
  }

  /** There is no text form: a driver that asks for it was not told to send this type in binary. */
  @Override
  public String getValue() {
    throw new IllegalStateException("the driver does not send " + type + " in binary form");
  }
}
