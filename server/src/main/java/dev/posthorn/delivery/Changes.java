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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a change of a webhook is followed before its caller is answered: applied here
 * when this node owns the webhook's shard; else its owner is called and confirms, or its lease has
 * run out.
 */
final class Changes implements WebhookChanges {
  private static final Duration LEASE_HAS_RUN_OUT = Pulse.SILENCE;

  private static final Logger log = LoggerFactory.getLogger(Changes.class);

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
      applyHere(accountId, webhookId, revision);
      return;
    }
    Awaited mine = new Awaited(webhookId, revision, new CompletableFuture<>());
    awaited.add(mine);
    try {
      bell.ring(Bell.WEBHOOK, accountId + ":" + webhookId + ":" + revision);
      mine.applied().get(LEASE_HAS_RUN_OUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Nobody confirmed. An owner hears of changes over the session that carries its beat, at each
      // beat: if it has not heard, its lease has run out, and it reads the change anew before the
      // next one.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      awaited.remove(mine);
    }
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
      applyHere(accountId, webhookId, revision);
      bell.ring(Bell.APPLIED, webhookId + ":" + revision);
    }
  }

  /** Even if the webhook cannot be read now, nothing that does not follow it is sent. */
  private void applyHere(long accountId, long webhookId, long revision) {
    lanes.await(webhookId, revision);
    try {
      lanes.reload(accountId, webhookId);
    } catch (RuntimeException e) {
      log.warn("webhook {} waits for its revision {}: {}", webhookId, revision, e.getMessage());
    }
  }

  void confirmed(long webhookId, long revision) {
    awaited.stream()
        .filter(waiting -> waiting.webhookId() == webhookId && waiting.revision() <= revision)
        .forEach(waiting -> waiting.applied().complete(null));
  }
}
