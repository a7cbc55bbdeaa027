package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Problem;
import dev.posthorn.http.ProblemType;
import dev.posthorn.webhook.Webhook;
import dev.posthorn.webhook.WebhookRegister;
import dev.posthorn.webhook.Webhooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What a customer does by hand. Each is stored first, as one row, and then carried out by the owner
 * of the webhook, which is called: so it survives whatever happens in between.
 *
 * <p>The webhook's row is locked while something is stored, so that asking twice at the same time
 * is the same as asking twice.
 */
final class Actions {
  private final Database database;
  private final DeliveryEngine engine;
  private final WebhookRegister register;
  private final InstantSource clock;
  private final TimeOrderedIds ids;

  /**
   * @param clock and {@code ids}: the engine's
   */
  Actions(
      Database database,
      DeliveryEngine engine,
      WebhookRegister register,
      InstantSource clock,
      TimeOrderedIds ids) {
    this.database = database;
    this.engine = engine;
    this.register = register;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * A delivery that was asked to go now.
   *
   * @param attempts how many were made before
   */
  record Begun(LaneKey lane, UUID event, int attempts) {}

  /** Makes an event for this webhook only, which goes before all that waits. */
  Begun sendTest(long accountId, UUID webhookId, String eventType, byte[] payload) {
    Begun begun =
        database.inTransaction(transaction -> {
          LaneKey lane = lockSending(transaction, accountId, webhookId);
          Instant now = clock.instant();
          UUID event = ids.next();
          TestEvents.add(
              transaction, lane, new TestEvents.TestEvent(event, eventType, payload), now);
          Intents.add(transaction, lane, retry(event, "pending"), now);
          return new Begun(lane, event, 0);
        });
    engine.carryOut(accountId, begun.lane().webhookId());
    return begun;
  }

  /** Has a delivery sent again, before all that waits; one that is under way is not sent twice. */
  Begun retry(long accountId, DeliveryJson.Id id) {
    Begun begun =
        database.inTransaction(transaction -> {
          LaneKey lane = lockSending(transaction, accountId, id.webhook());
          StoredDelivery delivery =
              DeliveryHistory.find(transaction, lane, id.event())
                  .orElseThrow(() -> Problem.notFound().exception());
          if (!AskedIntents.hasOpenRetry(transaction, lane, id.event())) {
            Intents.add(transaction, lane, retry(id.event(), delivery.state()), clock.instant());
          }
          return new Begun(lane, id.event(), delivery.attempts());
        });
    engine.carryOut(accountId, begun.lane().webhookId());
    return begun;
  }

  /** Only as long as it is in the state that was seen: what is sent meanwhile is not sent again. */
  private Intent retry(UUID event, String state) {
    return new Intent(
        ids.next(), Intent.Kind.RETRY, event, event, List.of(state), Optional.empty());
  }

  /** How many deliveries a recovery would be about. */
  Recovery.Asked countRecovery(long accountId, UUID webhookId, Recovery wanted) {
    LaneKey lane = lane(register.find(accountId, webhookId));
    Instant now = clock.instant();
    Counted found =
        database.withHandle(
            handle -> DeliveryCounts.settled(handle, lane, wanted.intent(ids.next(), now)));
    return new Recovery.Asked(Optional.empty(), wanted.end(now), found);
  }

  /** Has what is settled sent again; the same wish that is still being carried out is that one. */
  Recovery.Asked recover(long accountId, UUID webhookId, Recovery wanted) {
    Recovery.Asked asked =
        database.inTransaction(transaction ->
            recover(transaction, lane(lock(transaction, accountId, webhookId)), wanted));
    engine.carryOut(accountId, register.find(accountId, webhookId).id());
    return asked;
  }

  private Recovery.Asked recover(Handle transaction, LaneKey lane, Recovery wanted) {
    Instant now = clock.instant();
    Intent fresh = wanted.intent(ids.next(), now);
    Optional<Intent> open = AskedIntents.openRecovery(transaction, lane, fresh, wanted.until());
    Intent intent = open.orElse(fresh);
    Counted found = DeliveryCounts.settled(transaction, lane, intent);
    if (open.isEmpty()) {
      Intents.add(transaction, lane, intent, wanted.until(), now);
    }
    Instant end = wanted.until().orElse(TimeOrderedIds.momentOf(intent.toEvent()));
    return new Recovery.Asked(Optional.of(intent.id()), end, found);
  }

  /** Cancels what waits; when this returns, nothing of it begins any more. */
  Counted skip(long accountId, UUID webhookId) {
    LaneKey lane = lane(register.find(accountId, webhookId));
    Counted waiting =
        database.withHandle(handle -> DeliveryCounts.pending(handle, lane, ids.next()));
    register.revise(accountId, webhookId, this::addSkip);
    engine.carryOut(accountId, lane.webhookId());
    return waiting;
  }

  /**
   * Has the webhook sent to again.
   *
   * @param skipsBacklog whether what waits is cancelled: nothing of it is sent
   */
  Webhook enable(long accountId, UUID webhookId, boolean skipsBacklog) {
    Webhook enabled =
        register.enable(
            accountId, webhookId, skipsBacklog ? this::addSkip : WebhookRegister.Alongside.NOTHING);
    engine.carryOut(accountId, enabled.id());
    return enabled;
  }

  Webhook disable(long accountId, UUID webhookId) {
    return register.disable(accountId, webhookId);
  }

  private void addSkip(Handle transaction, Webhook webhook, Instant now) {
    AskedIntents.addSkip(transaction, lane(webhook), ids.next(), now);
  }

  private static LaneKey lockSending(Handle transaction, long accountId, UUID webhookId) {
    Webhook webhook = lock(transaction, accountId, webhookId);
    if (!webhook.status().enabled()) {
      throw Problem.of(
              ProblemType.CONFLICT,
              "The webhook is disabled, so nothing is sent to it. Enable it first.")
          .exception();
    }
    return lane(webhook);
  }

  private static Webhook lock(Handle transaction, long accountId, UUID webhookId) {
    return Webhooks.lockPublic(transaction, accountId, webhookId)
        .orElseThrow(() -> Problem.notFound().exception());
  }

  private static LaneKey lane(Webhook webhook) {
    return new LaneKey(webhook.accountId(), webhook.id(), webhook.publicId());
  }
}
