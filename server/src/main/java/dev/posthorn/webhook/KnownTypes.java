package dev.posthorn.webhook;

import java.util.Set;

/** Which event types a webhook can filter for: the account's catalogue, as webhooks see it. */
@FunctionalInterface
public interface KnownTypes {
  /** The built-in types and the account's own, archived ones left out. */
  Set<String> of(long accountId);
}
