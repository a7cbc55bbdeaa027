package dev.posthorn.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to: those of the public internet, and what the operator adds.
 *
 * <p>The table follows the IANA registries of special-purpose addresses (RFC 6890 and its
 * successors, read in 2026), multicast included. It is our own because the predicates of {@link
 * InetAddress} miss unique local addresses, shared address space, 240.0.0.0/4 and every form that
 * carries an IPv4 address inside an IPv6 one. Those forms are denied whatever they carry.
 */
public final class AddressRules {

  /** What is denied although it looks like a unicast address of its family. */
  static final List<Cidr> SPECIAL_PURPOSE =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // shared, behind carriers' NAT; Alibaba's metadata
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local; most clouds' metadata
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments; Oracle's metadata
              "192.0.2.0/24", // documentation
              "192.88.99.0/24", // 6to4 relays, deprecated
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, and broadcast
              "168.63.129.16/32", // Azure's host agent: in no registry, reachable from its guests
              "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4
              "3fff::/20") // documentation
          .map(Cidr::parse)
          .toList();

  /** All that is allocated as global unicast; IPv6 outside is special, or not in use. */
  private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

  private final List<Cidr> allow;

  /**
   * @param allow ranges that the operator allows although the table denies them
   */
  public AddressRules(List<Cidr> allow) {
    this.allow = List.copyOf(allow);
  }

  /** Whether a connection to this address may be opened. */
  public boolean allowed(InetAddress address) {
    return isIn(allow, address) || isPublic(address);
  }

  private static boolean isPublic(InetAddress address) {
    return (address instanceof Inet4Address || GLOBAL_UNICAST.contains(address))
        && !isIn(SPECIAL_PURPOSE, address);
  }

  private static boolean isIn(List<Cidr> ranges, InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}
