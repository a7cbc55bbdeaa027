package dev.posthorn.egress;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses of one family: a network and the number of leading bits that count.
 *
 * <p>An IPv4 range never holds an IPv6 address, nor the other way round; an IPv4-mapped IPv6
 * address is IPv4 to Java before it gets here.
 *
 * @param network the lowest address of the range; bits behind the prefix must be zero
 * @param prefix 0–32 for IPv4, 0–128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {

  /**
   * @throws IllegalArgumentException if the prefix is out of range or the network has bits behind
   *     it
   */
  public Cidr {
    byte[] bytes = network.getAddress();
    if (prefix < 0 || prefix > bytes.length * 8) {
      throw new IllegalArgumentException("prefix of " + network.getHostAddress() + ": " + prefix);
    }
    if (!Arrays.equals(bytes, masked(bytes, prefix))) {
      throw new IllegalArgumentException(
          "%s has bits behind its prefix of %d".formatted(network.getHostAddress(), prefix));
    }
  }

  /**
   * Reads {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a range of one.
   *
   * @throws IllegalArgumentException if it is neither; names are never looked up
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int bits = network.getAddress().length * 8;
    return new Cidr(network, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
  }

  /** Whether the address lies in this range. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] net = network.getAddress();
    return bytes.length == net.length && Arrays.equals(masked(bytes, prefix), net);
  }

  private static byte[] masked(byte[] bytes, int prefix) {
    byte[] kept = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int bits = Math.clamp(prefix - i * 8L, 0, 8);
      kept[i] = (byte) (bytes[i] & (0xff << (8 - bits)));
    }
    return kept;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
