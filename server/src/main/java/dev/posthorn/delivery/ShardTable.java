package dev.posthorn.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The statements of the session that owns shards: its beat, the locks, and who had what. */
final class ShardTable {
  /**
   * The first of the two numbers of every shard's advisory lock, so that they meet no other locks.
   */
  private static final int LOCK_CLASS = 0x506F_7374; // "Post"

  private static final String REGISTER =
      """
      INSERT INTO node (id, name, beat, pid, backend_start, started_at)
      SELECT :node, :name, 0, pg_backend_pid(), a.backend_start, clock_timestamp()
      FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()
      ON CONFLICT (id) DO UPDATE
      SET beat = node.beat + 1, pid = excluded.pid, backend_start = excluded.backend_start
      """;

  private static final String BEAT =
      """
      UPDATE node SET beat = beat + 1, clock_stepped = :stepped WHERE id = :node RETURNING clock_timestamp()
      """;

  private static final String BEATS = "SELECT id, beat FROM node";

  private static final String STEPPED = "SELECT id FROM node WHERE clock_stepped";

  private static final String SHARDS = "SELECT id, owner, released FROM shard";

  private static final String TRY_LOCK =
      """
      SELECT id FROM (SELECT unnest(:shards) AS id OFFSET 0) AS wanted WHERE pg_try_advisory_lock(:class, id)
      """;

  private static final String UNLOCK =
      """
      SELECT count(pg_advisory_unlock(:class, id)) FROM (SELECT unnest(:shards) AS id OFFSET 0) AS held
      """;

  private static final String TAKE =
      """
      UPDATE shard SET owner = :node, released = false WHERE id = ANY (:shards)
      """;

  private static final String DOUBT =
      """
      INSERT INTO shard_doubt (shard, at, kind) SELECT unnest(:shards), :at, :kind ON CONFLICT DO NOTHING
      """;

  private static final String RELEASE =
      """
      UPDATE shard SET released = true WHERE id = ANY (:shards) AND owner = :node
      """;

  /**
   * Only the very session whose beat stood still is ended: not one that has come back, nor another
   * with its pid.
   */
  private static final String END_SESSION =
      """
      SELECT pg_terminate_backend(a.pid)
      FROM node n JOIN pg_stat_activity a ON a.pid = n.pid AND a.backend_start = n.backend_start
      WHERE n.id = :node AND n.beat = :beat
      """;

  /** Waits until the session is gone, and its locks with it; false when it does not go. */
  private static final String END_FORMER_SESSION =
      """
      SELECT coalesce(bool_and(pg_terminate_backend(a.pid, :patience)), true)
      FROM node n JOIN pg_stat_activity a ON a.pid = n.pid AND a.backend_start = n.backend_start
      WHERE n.id = :node AND a.pid <> pg_backend_pid()
      """;

  private static final String FORGET_NODES =
      """
      DELETE FROM node n
      WHERE n.id = ANY (:nodes) AND NOT EXISTS (SELECT 1 FROM shard s WHERE s.owner = n.id AND NOT s.released)
      """;

  private final Handle session;
  private final UUID node;

  /**
   * @param session the one connection whose end frees the locks
   */
  ShardTable(Handle session, UUID node) {
    this.session = session;
    this.node = node;
  }

  /** Who has a shard, or had it last. */
  record Holder(Optional<UUID> owner, boolean released) {
    private static final Holder NOBODY = new Holder(Optional.empty(), true);

    boolean isFree() {
      return owner.isEmpty() || released;
    }

    boolean isHeldBy(UUID node) {
      return !released && owner.filter(node::equals).isPresent();
    }
  }

  /** Who has each shard, as of one moment. */
  record Holders(Map<Integer, Holder> byShard) {
    Holder of(int shard) {
      return byShard.getOrDefault(shard, Holder.NOBODY);
    }

    Set<Integer> shards() {
      return byShard.keySet();
    }

    Set<Integer> heldBy(UUID node) {
      return byShard.keySet().stream()
          .filter(shard -> of(shard).isHeldBy(node))
          .collect(Collectors.toSet());
    }
  }

  void register(String name) {
    session.createUpdate(REGISTER).bind("node", node).bind("name", name).execute();
  }

  /**
   * Moves the counter on; the database may forget a beat in a crash, but not lie about it.
   *
   * @param clockStepped whether this node's engine clock no longer agrees with the database's time
   * @return the database's time
   */
  Instant beat(boolean clockStepped) {
    return session
        .createQuery(BEAT)
        .bind("node", node)
        .bind("stepped", clockStepped)
        .mapTo(OffsetDateTime.class)
        .one()
        .toInstant();
  }

  Map<UUID, Long> beats() {
    return session
        .createQuery(BEATS)
        .map((row, context) -> Map.entry(row.getObject(1, UUID.class), row.getLong(2)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Nodes whose stored times cannot be trusted. */
  Set<UUID> nodesWithSteppedClock() {
    return session.createQuery(STEPPED).mapTo(UUID.class).stream().collect(Collectors.toSet());
  }

  Holders holders() {
    Map<Integer, Holder> holders = new HashMap<>();
    session
        .createQuery(SHARDS)
        .map((row, context) ->
            Map.entry(
                row.getInt(1),
                new Holder(Optional.ofNullable(row.getObject(2, UUID.class)), row.getBoolean(3))))
        .forEach(entry -> holders.put(entry.getKey(), entry.getValue()));
    return new Holders(holders);
  }

  /** Takes the locks of those shards that nobody holds. */
  Set<Integer> tryLock(Collection<Integer> shards) {
    return session
        .createQuery(TRY_LOCK)
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .bind("class", LOCK_CLASS)
        .mapTo(Integer.class)
        .stream()
        .collect(Collectors.toSet());
  }

  /**
   * Writes this node down as the owner.
   *
   * @param unclean those whose last owner did not give them up in order
   */
  void take(Collection<Integer> shards, Collection<Integer> unclean, Instant now) {
    session.useTransaction(transaction -> {
      transaction.execute("SET LOCAL synchronous_commit = on"); // the beat's session has it off
      transaction
          .createUpdate(TAKE)
          .bind("node", node)
          .bindArray("shards", Integer.class, List.copyOf(shards))
          .execute();
      doubtTakeover(unclean, now);
    });
  }

  /** Gives up what this node is written down for and does not have: nobody else could take it. */
  void disown(Collection<Integer> shards, Instant now) {
    session.useTransaction(transaction -> {
      transaction.execute("SET LOCAL synchronous_commit = on");
      doubtTakeover(shards, now);
      setReleased(shards);
    });
  }

  /** Stores that a node may have sent for these shards, up to now, what it could not record. */
  void doubtTakeover(Collection<Integer> shards, Instant now) {
    doubt(shards, now, "takeover");
  }

  /**
   * Stores that the database's time stepped, so stored times do not tell when rate windows are
   * free.
   */
  void doubtClock(Collection<Integer> shards, Instant now) {
    doubt(shards, now, "clock");
  }

  private void doubt(Collection<Integer> shards, Instant now, String kind) {
    if (!shards.isEmpty()) {
      session
          .createUpdate(DOUBT)
          .bindArray("shards", Integer.class, List.copyOf(shards))
          .bind("at", DeliveryQueue.utc(now))
          .bind("kind", kind)
          .execute();
    }
  }

  /** Gives shards up in order: first written down, then unlocked. */
  void release(Collection<Integer> shards) {
    session.useTransaction(transaction -> {
      transaction.execute("SET LOCAL synchronous_commit = on");
      setReleased(shards);
    });
    unlock(shards);
  }

  private void setReleased(Collection<Integer> shards) {
    session
        .createUpdate(RELEASE)
        .bind("node", node)
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .execute();
  }

  void unlock(Collection<Integer> shards) {
    session
        .createQuery(UNLOCK)
        .bindArray("shards", Integer.class, List.copyOf(shards))
        .bind("class", LOCK_CLASS)
        .mapTo(Integer.class)
        .one();
  }

  /**
   * Ends the session that this node had before, which may linger when only the network broke, and
   * waits until its locks are free.
   *
   * @return false when it still stands
   */
  boolean endFormerSession(Duration patience) {
    return session
        .createQuery(END_FORMER_SESSION)
        .bind("node", node)
        .bind("patience", patience.toMillis())
        .mapTo(Boolean.class)
        .one();
  }

  /** Ends the session of a node that looks dead, if it still stands at that beat. */
  void endSession(UUID deadNode, long beat) {
    session
        .createQuery(END_SESSION)
        .bind("node", deadNode)
        .bind("beat", beat)
        .mapTo(Boolean.class)
        .list();
  }

  /** Deletes nodes that are gone and own nothing. */
  void forget(Collection<UUID> deadNodes) {
    session
        .createUpdate(FORGET_NODES)
        .bindArray("nodes", UUID.class, List.copyOf(deadNodes))
        .execute();
  }
}
