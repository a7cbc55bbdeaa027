package dev.posthorn.egress;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator allows requests to reach.
 *
 * @param allow ranges that may be reached although they are not public; none by default
 * @param httpsOnly whether plain {@code http} is refused
 * @param deniedPorts ports that no request goes to, whatever the address
 * @param ownOrigin this installation's public address, which is no target; absent if unknown
 */
public record EgressPolicy(
    List<Cidr> allow, boolean httpsOnly, Set<Integer> deniedPorts, @Nullable URI ownOrigin) {

  /**
   * Ports of services that act on lines of text or have no password by default, so that an HTTP
   * request might do something there: mail, remote shells, file shares, databases, caches.
   */
  public static final Set<Integer> USUALLY_DENIED_PORTS =
      Set.of(
          7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 79, 87, 95, 101, 102,
          103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389,
          427, 445, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601,
          636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 2379, 2380, 3306,
          3389, 3659, 4045, 5060, 5061, 5432, 5672, 5900, 5984, 6000, 6379, 6443, 6566, 6665, 6666,
          6667, 6668, 6669, 6697, 9042, 9092, 9200, 9300, 10080, 10250, 11211, 15672, 27017, 27018,
          27019, 50000);

  /** Copies the collections. */
  public EgressPolicy {
    allow = List.copyOf(allow);
    deniedPorts = Set.copyOf(deniedPorts);
  }

  /** Public addresses only, {@code http} and {@code https}, without the usually denied ports. */
  public static EgressPolicy standard() {
    return new EgressPolicy(List.of(), false, USUALLY_DENIED_PORTS, null);
  }
}
