package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.IdText;
import dev.posthorn.delivery.RecordingReceiver.Answer;
import dev.posthorn.delivery.RecordingReceiver.Received;
import dev.posthorn.webhook.WebhookChanges;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Several nodes on one database: who sends for which webhook, and what becomes of that. */
final class SeveralNodesTest {
  private static final Duration SOON = Duration.ofSeconds(25); // five times what is promised
  private static final DeliverySettings SETTINGS = QuickSettings.retries(9);

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();

  @Test
  void sharesShardsEvenlyAndAStoppedNodeHandsItsShareOverClean() {
    DeliveryEngine one = fixture.startNode("node_a1", SETTINGS);
    await().atMost(SOON).until(() -> one.ownedShards() == 256);
    DeliveryEngine two = fixture.startNode("node_a2", SETTINGS);
    await().atMost(SOON).until(() -> one.ownedShards() == 128 && two.ownedShards() == 128);

    one.stop(Duration.ofSeconds(5));

    await().atMost(SOON).until(() -> two.ownedShards() == 256);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM shard_doubt")).isZero();
  }

  @Test
  void aNodeThatIsCutOffStopsSendingAndAnotherTakesOver() {
    DeliveryEngine lost = fixture.startNode("node_b1", SETTINGS);
    await().atMost(SOON).until(() -> lost.ownedShards() == 256);
    fixture.cut("node_b1");
    DeliveryEngine next = fixture.startNode("node_b2", SETTINGS);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000);
    fixture.publish(10);

    await().atMost(SOON).until(() -> next.ownedShards() == 256);
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 10);
    assertThat(lost.isConnected()).isFalse();
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM shard_doubt")).isEqualTo(256);

    fixture.mend("node_b1");
    await().atMost(SOON).until(() -> lost.ownedShards() == 128 && next.ownedShards() == 128);
  }

  @Test
  void aWebhookThatCannotBeReadKeepsNoOtherFromBeingSentToWhenTheSessionIsBack() {
    DeliveryEngine engine = fixture.startNode("node_g1", SETTINGS);
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    long unreadable = fixture.webhook(receiver.url("/unreadable"), 1_000);
    long other = fixture.webhook(receiver.url("/other"), 1_000);
    fixture.publish(1);
    await().atMost(SOON).until(() -> fixture.count(unreadable, "succeeded") == 1);
    await().atMost(SOON).until(() -> fixture.count(other, "succeeded") == 1);

    fixture.change(unreadable, "secret = '\\x00'"); // as by a key that this node lacks, unheard
    int lost = fixture.one(Integer.class, "SELECT pid FROM node");
    fixture.cutConnections("node_g1");
    await().atMost(SOON).until(() -> fixture.one(Integer.class, "SELECT pid FROM node") != lost);
    fixture.publish(1);

    await().atMost(SOON).until(() -> fixture.count(other, "succeeded") == 2);
    assertThat(fixture.count(unreadable, "pending")).isEqualTo(1);
    assertThat(receiver.received("/unreadable")).hasSize(1);
  }

  @Test
  void whatADeadNodeLeavesIsTakenBeforeANewNodeGetsItsShare() {
    DeliveryEngine one = fixture.startNode("node_f1", SETTINGS);
    DeliveryEngine dead = fixture.startNode("node_f2", SETTINGS);
    await().atMost(SOON).until(() -> one.ownedShards() == 128 && dead.ownedShards() == 128);

    fixture.cut("node_f2");
    long beats = beats();
    await()
        .atMost(SOON)
        .until(() -> beats() > beats + 1); // the new one is seen after the last beat
    DeliveryEngine next = fixture.startNode("node_f3", SETTINGS);

    await().atMost(SOON).until(() -> one.ownedShards() == 256);
    await().atMost(SOON).until(() -> one.ownedShards() == 128 && next.ownedShards() == 128);
  }

  private long beats() {
    return fixture.one(Long.class, "SELECT sum(beat) FROM node");
  }

  @Test
  void theRateLimitHoldsAcrossAnUncleanTakeover() {
    long webhook = fixture.webhook(receiver.url("/hook"), 60);
    fixture.publish(200);
    DeliveryEngine lost = fixture.startNode("node_c1", SETTINGS);
    await().atMost(SOON).until(() -> receiver.received().size() >= 30);
    fixture.cut("node_c1");
    DeliveryEngine next = fixture.startNode("node_c2", SETTINGS);

    await().atMost(SOON).until(() -> next.ownedShards() == 256);
    // What the log and the take-over leave of the window is used, and no more.
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") >= 50);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .until(() -> WindowCheck.worstOf(receiver.received()) <= 60);
    assertThat(lost.isConnected()).isFalse();
  }

  @Test
  void whatADeadOwnerSentAndCouldNotRecordCountsInTheWindow() {
    long webhook = fixture.webhook(receiver.url("/hook"), 30); // two in flight at most
    CountDownLatch dead = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    receiver.answer(request -> {
      if (requests.incrementAndGet() > 1) {
        awaitUninterruptibly(dead);
      }
      return new Answer(200, List.of());
    });
    fixture.publish(40);
    DeliveryEngine lost = fixture.startNode("node_u1", SETTINGS);
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    await().atMost(SOON).until(() -> receiver.received().size() == 3);

    fixture.cut("node_u1"); // two requests are at the receiver, and nobody can write that down
    dead.countDown();
    await().atMost(SOON).until(() -> !lost.isConnected());
    fixture.startNode("node_u2", SETTINGS);

    // For all that is known, each of the two was written twice: two places are left unused.
    await().atMost(SOON).until(() -> receiver.received().size() == 28);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .until(() -> WindowCheck.worstOf(receiver.received()) <= 30);
    assertThat(eventsSeenTwice()).hasSize(2).allMatch(event -> saysSo(webhook, event));
  }

  /** Of those events the log has one request, and the receiver saw two. */
  private List<UUID> eventsSeenTwice() {
    Map<String, Long> seen =
        receiver.received().stream()
            .collect(Collectors.groupingBy(Received::id, Collectors.counting()));
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .map(entry -> IdText.parse("evt_", entry.getKey()).orElseThrow())
        .toList();
  }

  private boolean saysSo(long webhook, UUID event) {
    LaneKey lane = new LaneKey(EngineFixture.ACCOUNT, webhook, new UUID(0, 0));
    List<StoredAttempt> attempts =
        fixture
            .database
            .withHandle(
                handle -> DeliveryHistory.attempts(handle, lane, event, Optional.empty(), 10))
            .items();
    return attempts.size() == 1 && attempts.getFirst().maybeSentAt() != null;
  }

  @Test
  void aLostSessionWhoseShardsNobodyTookGoesOnWithoutDoubts() {
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    DeliveryEngine engine = fixture.startNode("node_d1", SETTINGS);
    await().atMost(SOON).until(() -> engine.ownedShards() == 256);
    fixture.publish(2_000);

    await().atMost(SOON).until(() -> receiver.received().size() > 100);
    fixture.cutConnections("node_d1");

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2_000);
    await().atMost(SOON).until(engine::isConnected);
    assertThat(engine.ownedShards()).isEqualTo(256);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM shard_doubt")).isZero();
    assertThat(receiver.received().stream().map(Received::id)).doesNotHaveDuplicates();
  }

  @Test
  void aChangeMadeOnTheNodeThatDoesNotOwnTheWebhookIsConfirmedByTheOwner() {
    DeliveryEngine one = fixture.startNode("node_e1", SETTINGS);
    DeliveryEngine two = fixture.startNode("node_e2", SETTINGS);
    await().atMost(SOON).until(() -> one.ownedShards() == 128 && two.ownedShards() == 128);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1);
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);

    long revision = fixture.change(webhook, "enabled = false");
    fixture.follow(one, webhook, revision);
    fixture.follow(two, webhook, revision);
    one.handOver(EngineFixture.handedOver(fixture.publish(5)));
    two.handOver(EngineFixture.handedOver(fixture.publish(5)));

    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> receiver.received().size() == 1);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(10);
  }

  @Test
  void aChangeThatWasCommittedIsFollowedWhenItsNodeLosesTheDatabaseRightAfter() {
    DeliveryEngine owner = fixture.startNode("node_h1", SETTINGS);
    await().atMost(SOON).until(() -> owner.ownedShards() == 256);
    DeliveryEngine other = fixture.startNode("node_h2", SETTINGS);
    await().atMost(SOON).until(() -> owner.ownedShards() == 128 && other.ownedShards() == 128);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1);
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);

    for (DeliveryEngine node : List.of(owner, other)) {
      try (WebhookChanges.Change change = node.changes().begin()) {
        fixture.database.inTransaction(transaction -> {
          long revision =
              transaction
                  .createQuery(
                      "UPDATE webhook SET enabled = false, revision = revision + 1 RETURNING revision")
                  .mapTo(Long.class)
                  .one();
          change.announce(transaction, EngineFixture.ACCOUNT, webhook, revision);
          return revision;
        });
        fixture.cutConnections(node == owner ? "node_h1" : "node_h2");
        change.awaitFollowed(); // does not throw
      }
    }
    owner.handOver(EngineFixture.handedOver(fixture.publish(5)));
    other.handOver(EngineFixture.handedOver(fixture.publish(5)));

    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> receiver.received().size() == 1);
  }

  @Test
  void aChangeThatIsRolledBackIsNotCalledOut() throws SQLException {
    DeliveryEngine node = fixture.start(SETTINGS);
    try (Handle listener = fixture.database.session();
        WebhookChanges.Change change = node.changes().begin()) {
      listener.execute("LISTEN " + Bell.WEBHOOK);
      fixture.database.useHandle(handle -> {
        handle.begin();
        change.announce(handle, EngineFixture.ACCOUNT, 1, 2);
        handle.rollback();
        handle.begin();
        change.announce(handle, EngineFixture.ACCOUNT, 1, 3);
        handle.commit();
      });

      assertThat(listener.getConnection().unwrap(PGConnection.class).getNotifications(20_000))
          .extracting(PGNotification::getParameter)
          .containsExactly("1:1:3");
    }
  }

  @Test
  void aChangeWhoseNotificationWasLostIsReadBeforeTheNodeSendsAgain() {
    DeliveryEngine owner = fixture.startNode("node_f1", SETTINGS);
    await().atMost(SOON).until(() -> owner.ownedShards() == 256);
    long webhook = fixture.webhook(receiver.url("/hook"), 1_000_000);
    fixture.publish(1);
    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);

    long revision = fixture.change(webhook, "enabled = false");
    fixture.cutConnections("node_f1"); // nobody hears this:
    fixture.update(
        "SELECT pg_notify('posthorn_webhook', ?)",
        EngineFixture.ACCOUNT + ":" + webhook + ":" + revision);
    await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(() -> !owner.isConnected());
    await().atMost(SOON).until(owner::isConnected);
    owner.handOver(EngineFixture.handedOver(fixture.publish(5)));

    await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> receiver.received().size() == 1);
  }

  @Test
  void whatIsHandedToANodeThatDoesNotOwnItIsSentByTheOneThatDoes() {
    DeliverySettings seldomSwept =
        new DeliverySettings(
            SETTINGS.schedule(),
            32,
            256,
            Duration.ofSeconds(15),
            Duration.ofDays(5),
            Duration.ofHours(1),
            BufferLimits.DEFAULTS);
    DeliveryEngine one = fixture.startNode("node_g1", seldomSwept);
    DeliveryEngine two = fixture.startNode("node_g2", seldomSwept);
    await().atMost(SOON).until(() -> one.ownedShards() == 128 && two.ownedShards() == 128);
    for (int shard = 0; shard < 20; shard++) {
      fixture.webhook(receiver.url("/hook" + shard), 1_000_000);
    }
    // Ids follow one another, and shares begin with the lowest shards: make both nodes own some.
    fixture.update("UPDATE webhook SET id = id + 200 WHERE id % 2 = 0");

    one.handOver(EngineFixture.handedOver(fixture.publish(20)));

    await()
        .atMost(SOON)
        .until(() ->
            fixture.one(Long.class, "SELECT count(*) FROM delivery WHERE state = 'succeeded'")
                == 400);
    assertThat(receiver.received()).hasSize(400);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
