package dev.posthorn.egress;

import java.net.InetAddress;
import java.util.List;

/** What a look at the target's addresses says, at this moment. */
public sealed interface HostCheck {

  /**
   * Every address may be connected to.
   *
   * @param addresses never empty
   */
  record Allowed(List<InetAddress> addresses) implements HostCheck {}

  /** The policy refuses the URL itself, or at least one address of the name. */
  record Blocked() implements HostCheck {}

  /**
   * Nobody could say; worth a warning at registration, and a failed attempt when sending.
   *
   * @param failure one of the {@code DNS_} classes, or {@code CANCELLED}
   */
  record Unresolvable(FailureClass failure) implements HostCheck {}
}
