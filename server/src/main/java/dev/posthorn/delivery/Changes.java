package dev.posthorn.delivery;

import dev.posthorn.webhook.Webhook;
import dev.posthorn.webhook.WebhookChanges;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a change of a webhook is followed before its caller is answered: applied here
 * when this node owns the webhook's shard; else its owner, who is called by the commit itself,
 * confirms, or its lease has run out.
 */
final class Changes implements WebhookChanges {
  private static final Duration LEASE_HAS_RUN_OUT = Pulse.SILENCE;

  private final Lanes lanes;
  private final Bell bell;
  private final Set<Announced> open = ConcurrentHashMap.newKeySet();

  Changes(Lanes lanes, Bell bell) {
    this.lanes = lanes;
    this.bell = bell;
  }

  @Override
  public Change begin() {
    return new Announced();
  }

  /**
   * A webhook was changed: if this node owns it, nothing that does not follow it begins any more.
   */
  void heard(long webhookId, long revision) {
    lanes.await(webhookId, revision);
  }

  /** Another node asks this one to apply a change, if it is the owner. */
  void apply(long accountId, long webhookId, long revision) {
    if (lanes.owned().contains(Webhook.shardOf(webhookId))) {
      lanes.follow(accountId, webhookId, revision);
      bell.ring(Bell.APPLIED, webhookId + ":" + revision);
    }
  }

  void confirmed(long webhookId, long revision) {
    open.forEach(change -> change.confirm(webhookId, revision));
  }

  /**
   * A change that its caller waits for. It listens for the owner's confirmation from before the
   * commit on: the owner may be faster than the caller.
   */
  private final class Announced implements Change {
    private final CompletableFuture<Void> applied = new CompletableFuture<>();
    private volatile @Nullable Revision announced;

    private record Revision(long accountId, long webhookId, long number) {}

    @Override
    public void announce(Handle transaction, long accountId, long webhookId, long revision) {
      announced = new Revision(accountId, webhookId, revision);
      open.add(this);
      Bell.ring(transaction, Bell.WEBHOOK, accountId + ":" + webhookId + ":" + revision);
    }

    @Override
    public void awaitFollowed() {
      Revision change = announced;
      if (change == null) {
        return;
      }
      if (lanes.owned().contains(Webhook.shardOf(change.webhookId()))) {
        lanes.follow(change.accountId(), change.webhookId(), change.number());
      } else {
        awaitTheOwner();
      }
    }

    private void awaitTheOwner() {
      try {
        applied.get(LEASE_HAS_RUN_OUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Nobody confirmed. An owner hears of changes over the session that carries its beat: if
        // it has not heard, its lease has run out, and it reads the change before its next beat.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e); // it is never completed with a failure
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void confirm(long webhookId, long revision) {
      Revision change = announced;
      if (change != null && change.webhookId() == webhookId && change.number() <= revision) {
        applied.complete(null);
      }
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }
}
