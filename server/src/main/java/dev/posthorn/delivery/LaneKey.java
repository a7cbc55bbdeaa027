package dev.posthorn.delivery;

import dev.posthorn.webhook.Webhook;
import java.util.UUID;

/**
 * Which webhook a lane belongs to.
 *
 * @param webhookId internal
 * @param publicId as the API shows it
 */
record LaneKey(long accountId, long webhookId, UUID publicId) {
  int shard() {
    return Webhook.shardOf(webhookId);
  }
}
