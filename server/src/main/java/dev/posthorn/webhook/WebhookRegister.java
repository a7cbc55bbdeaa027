package dev.posthorn.webhook;

import dev.posthorn.db.Database;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Creates and changes webhooks, each in one transaction. When a change returns, the engine follows
 * it: no request begins any more that does not.
 *
 * <p>Another account's webhook is answered exactly like an unknown one, with 404.
 */
public final class WebhookRegister {
  private final Database database;
  private final WebhookEdits edits;
  private final WebhookChanges changes;
  private final InstantSource clock;
  private final TimeOrderedIds ids;

  /**
   * @param changes who is told of each change, with its commit
   * @param clock the engine's
   */
  public WebhookRegister(
      Database database,
      WebhookEdits edits,
      WebhookChanges changes,
      InstantSource clock,
      TimeOrderedIds ids) {
    this.database = database;
    this.edits = edits;
    this.changes = changes;
    this.clock = clock;
    this.ids = ids;
  }

  /** What becomes of a webhook, locked, at a moment. */
  @FunctionalInterface
  private interface Edit {
    Webhook apply(Webhook current, Instant now);
  }

  /** Something that is stored in the transaction of a change, so that both hold at once. */
  @FunctionalInterface
  public interface Alongside {
    Alongside NOTHING = (transaction, changed, now) -> {};

    /**
     * Stores it.
     *
     * @param changed as it is stored
     * @param now the moment of the change
     */
    void store(Handle transaction, Webhook changed, Instant now);
  }

  /**
   * A page of webhooks.
   *
   * @param total how many there are on all pages
   */
  record Listed(List<Webhook> webhooks, long total) {}

  /** The account's webhook of that id; 404 when there is none. */
  public Webhook find(long accountId, UUID publicId) {
    return database
        .withHandle(handle -> Webhooks.findPublic(handle, accountId, publicId))
        .orElseThrow(() -> Problem.notFound().exception());
  }

  Listed list(long accountId, int limit, long offset) {
    return database.withHandle(handle ->
        new Listed(
            Webhooks.list(handle, accountId, limit, offset), Webhooks.count(handle, accountId)));
  }

  /** Nobody sends to a new webhook yet, so nobody is told. */
  Webhook create(long accountId, WebhookForm.Sent sent) {
    return database.inTransaction(transaction -> {
      WebhookEdits.Identity identity =
          new WebhookEdits.Identity(accountId, Webhooks.nextId(transaction), ids.next());
      Webhook webhook = edits.created(identity, sent, clock.instant());
      Webhooks.insert(transaction, webhook);
      return webhook;
    });
  }

  /**
   * Changes the fields that were sent.
   *
   * @param precondition looks at the locked webhook, and throws to leave it as it is
   */
  Webhook change(
      long accountId, UUID publicId, WebhookForm.Sent sent, Consumer<Webhook> precondition) {
    return edit(
        accountId,
        publicId,
        (current, now) -> {
          precondition.accept(current);
          return edits.changed(current, sent, now);
        });
  }

  Webhook rotate(long accountId, UUID publicId, WebhookForm.Rotation rotation) {
    return edit(accountId, publicId, (current, now) -> edits.rotated(current, rotation, now));
  }

  /**
   * Has it sent to again.
   *
   * @param alongside stored only if it was disabled until now
   */
  public Webhook enable(long accountId, UUID publicId, Alongside alongside) {
    return edit(
        accountId, publicId, (current, now) -> edits.switched(current, true, now), alongside);
  }

  /** Has nothing sent to it any more; one that is disabled for another reason stays as it is. */
  public Webhook disable(long accountId, UUID publicId) {
    return edit(accountId, publicId, (current, now) -> edits.switched(current, false, now));
  }

  /** Changes nothing of the webhook itself; the engine follows what is stored alongside. */
  public Webhook revise(long accountId, UUID publicId, Alongside alongside) {
    return edit(accountId, publicId, (current, now) -> edits.revised(current), alongside);
  }

  private Webhook edit(long accountId, UUID publicId, Edit edit) {
    return edit(accountId, publicId, edit, Alongside.NOTHING);
  }

  /** An edit that makes no new revision changes nothing, and is answered like one that does. */
  private Webhook edit(long accountId, UUID publicId, Edit edit, Alongside alongside) {
    return followed((transaction, change) -> {
      Instant now = clock.instant();
      Webhook current = lock(transaction, accountId, publicId);
      Webhook next = edit.apply(current, now);
      if (next.revision() > current.revision()) {
        Webhooks.update(transaction, next);
        alongside.store(transaction, next, now);
      }
      change.announce(transaction, accountId, next.id(), next.revision());
      return next;
    });
  }

  /**
   * Deletes it: what waits is cancelled.
   *
   * @param precondition looks at the locked webhook, and throws to leave it as it is
   */
  void delete(long accountId, UUID publicId, Consumer<Webhook> precondition) {
    followed((transaction, change) -> {
      Webhook current = lock(transaction, accountId, publicId);
      precondition.accept(current);
      long revision = Webhooks.delete(transaction, current, clock.instant());
      change.announce(transaction, accountId, current.id(), revision);
      return current;
    });
  }

  /** A transaction that changes a webhook and announces the change. */
  @FunctionalInterface
  private interface Announcing {
    Webhook apply(Handle transaction, WebhookChanges.Change change);
  }

  /** Commits a change and waits until it is followed. */
  private Webhook followed(Announcing work) {
    try (WebhookChanges.Change change = changes.begin()) {
      Webhook changed = database.inTransaction(transaction -> work.apply(transaction, change));
      change.awaitFollowed();
      return changed;
    }
  }

  private static Webhook lock(Handle transaction, long accountId, UUID publicId) {
    return Webhooks.lockPublic(transaction, accountId, publicId)
        .orElseThrow(() -> Problem.notFound().exception());
  }
}
