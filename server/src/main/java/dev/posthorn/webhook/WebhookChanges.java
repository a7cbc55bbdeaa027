package dev.posthorn.webhook;

/** Who must know that a webhook was changed: the engine that sends to it. */
@FunctionalInterface
public interface WebhookChanges {
  /**
   * Called after the commit of a change. When it returns, no request begins any more that does not
   * follow the change.
   *
   * @param webhookId internal
   * @param revision the revision that the change made
   */
  void changed(long accountId, long webhookId, long revision);
}
