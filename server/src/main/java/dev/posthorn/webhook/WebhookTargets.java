package dev.posthorn.webhook;

import dev.posthorn.egress.FailureClass;
import dev.posthorn.egress.HostCheck;
import dev.posthorn.egress.TargetUrl;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.http.Field;
import java.util.Optional;
import java.util.function.Function;

/** Which URLs a webhook may have: by rule, and by where their hosts are at this moment. */
public final class WebhookTargets {
  private final UrlRule rule;
  private final Function<TargetUrl, HostCheck> lookup;

  /**
   * @param lookup looks the host up, without connecting; blocks for seconds at most
   */
  public WebhookTargets(UrlRule rule, Function<TargetUrl, HostCheck> lookup) {
    this.rule = rule;
    this.lookup = lookup;
  }

  /**
   * A URL that may be stored.
   *
   * @param warning when nobody could say where its host is
   */
  record Target(TargetUrl url, Optional<Warning> warning) {}

  /** Never call it inside a transaction: it asks name servers. */
  Field.Result<Target> check(String url) {
    return switch (rule.check(url)) {
      case UrlRule.Refused(String code, String message) ->
          new Field.Result.Refused<>(code, message);
      case UrlRule.Accepted(TargetUrl accepted) -> lookUp(accepted);
    };
  }

  private Field.Result<Target> lookUp(TargetUrl url) {
    return switch (lookup.apply(url)) {
      case HostCheck.Allowed _ -> new Field.Result.Kept<>(new Target(url, Optional.empty()));
      case HostCheck.Unresolvable _ ->
          new Field.Result.Kept<>(new Target(url, Optional.of(unresolvable(url))));
      // In the words of a literal address, so that nobody learns what a name leads to.
      case HostCheck.Blocked _ ->
          new Field.Result.Refused<>("private_address", FailureClass.BLOCKED_ADDRESS.sentence());
    };
  }

  private static Warning unresolvable(TargetUrl url) {
    return new Warning(
        "host_does_not_resolve",
        "The host " + url.host() + " cannot be found at the moment; deliveries are tried anyway.");
  }
}
