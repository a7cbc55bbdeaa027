package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How nodes call each other: PostgreSQL's NOTIFY. What is called across may get lost with a
 * connection; the sweep and a time-out make up for it.
 *
 * <ul>
 *   <li>{@code posthorn_work}, shard numbers with commas: events were published for webhooks of
 *       these shards
 *   <li>{@code posthorn_webhook}, {@code account:webhook:revision}: its owner is to apply a change
 *   <li>{@code posthorn_intent}, {@code account:webhook}: something is asked of its deliveries
 *   <li>{@code posthorn_applied}, {@code webhook:revision}: the owner has
 * </ul>
 */
final class Bell implements AutoCloseable {
  static final String WORK = "posthorn_work";
  static final String WEBHOOK = "posthorn_webhook";
  static final String APPLIED = "posthorn_applied";
  static final String INTENT = "posthorn_intent";

  private static final Logger log = LoggerFactory.getLogger(Bell.class);
  private static final int LISTEN_MILLIS = 500;
  private static final int RECONNECT_MILLIS = 500;
  private static final int ANSWER_MILLIS = 5_000;
  private static final int CHECK_TURNS = 10;
  private static final String NOTIFY = "SELECT pg_notify(:channel, :payload)";

  /** What is done when another node calls. */
  interface Listener {
    void work(Collection<Integer> shards);

    void webhookChanged(long accountId, long webhookId, long revision);

    void intentStored(long accountId, long webhookId);

    void webhookApplied(long webhookId, long revision);

    /** Listening begins, or begins again: calls may have been missed. */
    void listening();
  }

  private final Database database;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean closed;

  Bell(Database database, Listener listener) {
    this.database = database;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("bell").daemon().unstarted(this::listenUntilClosed);
  }

  void start() {
    thread.start();
  }

  /** Calls all nodes, this one too. */
  void ring(String channel, String payload) {
    database.useHandle(handle -> ring(handle, channel, payload));
  }

  /** Calls all nodes when the transaction is committed, and nobody when it is not. */
  static void ring(Handle transaction, String channel, String payload) {
    transaction
        .createQuery(NOTIFY)
        .bind("channel", channel)
        .bind("payload", payload)
        .mapTo(String.class)
        .list();
  }

  void ringWork(Collection<Integer> shards) {
    ring(WORK, shards.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2L * LISTEN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listenUntilClosed() {
    while (!closed) {
      try (Handle session = database.session()) {
        session.getConnection().setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        for (String channel : List.of(WORK, WEBHOOK, APPLIED, INTENT)) {
          session.execute("LISTEN " + channel);
        }
        listener.listening();
        listen(session);
      } catch (SQLException | RuntimeException e) {
        log.warn("listening for other nodes is interrupted: {}", e.getMessage());
        pause();
      }
    }
  }

  private void listen(Handle session) throws SQLException {
    PGConnection connection = session.getConnection().unwrap(PGConnection.class);
    for (int turn = 1; !closed; turn++) {
      if (turn % CHECK_TURNS == 0) {
        session.execute("SELECT 1"); // a connection that only listens never notices that it is cut
      }
      PGNotification[] calls = connection.getNotifications(LISTEN_MILLIS);
      if (calls != null) {
        hearAll(List.of(calls));
      }
    }
  }

  /** Work that was called for while the last calls were heard is looked for once. */
  private void hearAll(List<PGNotification> calls) {
    Set<Integer> work = new TreeSet<>();
    for (PGNotification call : calls) {
      if (call.getName().equals(WORK)) {
        work.addAll(shards(call.getParameter()));
      } else {
        hear(call.getName(), call.getParameter());
      }
    }
    if (!work.isEmpty()) {
      listener.work(work);
    }
  }

  /** Understands a call about a webhook; anybody with access to the database may call anything. */
  void hear(String channel, String call) {
    try {
      long[] ids = Arrays.stream(call.split(":")).mapToLong(Long::parseLong).toArray();
      switch (channel) {
        case WEBHOOK -> listener.webhookChanged(ids[0], ids[1], ids[2]);
        case APPLIED -> listener.webhookApplied(ids[0], ids[1]);
        case INTENT -> listener.intentStored(ids[0], ids[1]);
        default -> {}
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      log.warn("a call on {} is not understood: {}", channel, call);
    }
  }

  private static Set<Integer> shards(String call) {
    try {
      return Arrays.stream(call.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
    } catch (NumberFormatException e) {
      log.warn("a call on {} is not understood: {}", WORK, call);
      return Set.of();
    }
  }

  private void pause() {
    try {
      Thread.sleep(RECONNECT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}
