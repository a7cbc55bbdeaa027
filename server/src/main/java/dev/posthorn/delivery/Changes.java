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

/**
 * Sees to it that a change of a webhook is followed before its caller is answered: applied here
 * when this node owns the webhook's shard; else its owner is called and confirms, or its lease has
 * run out.
 */
final class Changes implements WebhookChanges {
  private static final Duration LEASE_HAS_RUN_OUT = Pulse.SILENCE;

  private final Lanes lanes;
  private final Bell bell;
  private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();

  private record Awaited(long webhookId, long revision, CompletableFuture<Void> applied) {}

  Changes(Lanes lanes, Bell bell) {
    this.lanes = lanes;
    this.bell = bell;
  }

  @Override
  public void changed(long accountId, long webhookId, long revision) {
    if (lanes.owned().contains(Webhook.shardOf(webhookId))) {
      lanes.reload(accountId, webhookId);
      return;
    }
    Awaited mine = new Awaited(webhookId, revision, new CompletableFuture<>());
    awaited.add(mine);
    try {
      bell.ring(Bell.WEBHOOK, accountId + ":" + webhookId + ":" + revision);
      mine.applied().get(LEASE_HAS_RUN_OUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Nobody confirmed: an owner that did not hear may not send any more either, or reads the
      // change anew.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      awaited.remove(mine);
    }
  }

  /** Another node asks this one to apply a change, if it is the owner. */
  void apply(long accountId, long webhookId, long revision) {
    if (lanes.owned().contains(Webhook.shardOf(webhookId))) {
      lanes.reload(accountId, webhookId);
      bell.ring(Bell.APPLIED, webhookId + ":" + revision);
    }
  }

  void confirmed(long webhookId, long revision) {
    awaited.stream()
        .filter(waiting -> waiting.webhookId() == webhookId && waiting.revision() <= revision)
        .forEach(waiting -> waiting.applied().complete(null));
  }
}
