package dev.posthorn.webhook;

import org.jdbi.v3.core.Handle;

/** Who must know that a webhook was changed: the engine that sends to it. */
@FunctionalInterface
public interface WebhookChanges {
  /** Begins a change, before its transaction. Closed when it is followed, or came to nothing. */
  Change begin();

  /** One change of one webhook, on its way from the transaction to the lane that follows it. */
  interface Change extends AutoCloseable {
    /**
     * Called in the transaction of the change. Who has to follow it is called with the commit: a
     * change that is stored has been called out, and one that was rolled back has not.
     *
     * @param webhookId internal
     * @param revision the revision that the change makes
     */
    void announce(Handle transaction, long accountId, long webhookId, long revision);

    /**
     * Called after the commit. When it returns, no request begins any more that does not follow the
     * change. It does not fail: what is committed is done.
     */
    void awaitFollowed();

    @Override
    void close();
  }
}
