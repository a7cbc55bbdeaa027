package dev.posthorn.egress;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides whether a URL leads only to addresses that the policy allows, and which they are. */
final class Targets {

  private final UrlRule rule;
  private final AddressRules addresses;
  private final Lookups lookups;

  Targets(EgressPolicy policy, Lookups lookups) {
    this.rule = new UrlRule(policy);
    this.addresses = new AddressRules(policy.allow());
    this.lookups = lookups;
  }

  /** The URL may have been accepted under a wider policy: this one decides, without a look-up. */
  void demandAllowed(TargetUrl url) throws ExchangeFailure {
    if (rule.refusal(url).isPresent()) {
      throw new ExchangeFailure(FailureClass.BLOCKED_ADDRESS);
    }
  }

  HostCheck check(TargetUrl url, Duration atMost) {
    try {
      return new HostCheck.Allowed(addressesOf(url, atMost));
    } catch (ExchangeFailure e) {
      return e.failure() == FailureClass.BLOCKED_ADDRESS
          ? new HostCheck.Blocked()
          : new HostCheck.Unresolvable(e.failure());
    }
  }

  /**
   * The addresses to connect to. One bad address damns the name: whoever mixes them wants us to try
   * the good one now and the bad one later.
   */
  List<InetAddress> addressesOf(TargetUrl url, Duration atMost) throws ExchangeFailure {
    demandAllowed(url);
    Optional<InetAddress> literal = url.literal();
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    InetAddress[] found = lookups.addresses(url.host(), atMost);
    if (!Stream.of(found).allMatch(addresses::allowed)) {
      throw new ExchangeFailure(FailureClass.BLOCKED_ADDRESS);
    }
    return List.of(found);
  }
}
