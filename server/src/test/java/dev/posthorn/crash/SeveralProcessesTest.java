package dev.posthorn.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.crash.Subscriber.Wish;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that come, go, die, freeze and lose the database: who works, and who says so. */
final class SeveralProcessesTest {
  private static final Duration SOON = Duration.ofSeconds(25); // five times what is promised

  /** Besides, a connection that has fallen silent is given up after 30 s. */
  private static final Duration SOON_AFTER_SILENCE = SOON.plusSeconds(30);

  private static final int MOST_IN_FLIGHT = 32;

  @AutoClose private static final Cluster CLUSTER = new Cluster(2);
  @AutoClose private static final Receiver RECEIVER = new Receiver(new Random(1));

  private static final Customer CUSTOMER = CLUSTER.createAccount("processes");
  private static final Ledger LEDGER = new Ledger();
  private static final SplittableRandom RANDOM = new SplittableRandom(1);
  private static final Subscriber SUBSCRIBER =
      new Subscriber(
          CUSTOMER, new Client(CLUSTER, CUSTOMER, LEDGER, 0), RECEIVER, LEDGER, CLUSTER.jdbi());

  private final Node one = CLUSTER.node(0);
  private final Node two = CLUSTER.node(1);

  static {
    SUBSCRIBER.defineTypes();
  }

  @BeforeEach
  void bothShareTheWork() {
    one.mend();
    two.mend();
    awaitShares(128, one, two);
  }

  @Test
  void shardsAreSharedEvenlyAsNodesComeAndGo() {
    Node third = CLUSTER.nodes().size() > 2 ? CLUSTER.node(2) : CLUSTER.addNode();
    third.launch();
    third.awaitStarted();
    await().atMost(SOON).until(() -> CLUSTER.shardsOf(third).size() >= 85);
    await().atMost(SOON).until(() -> CLUSTER.shardsOf(one).size() <= 86);
    await().atMost(SOON).until(() -> CLUSTER.shardsOf(two).size() <= 86);
    long doubts = doubts();

    third.stop();

    awaitShares(128, one, two);
    assertThat(doubts()).as("what is given up in order leaves no doubts").isEqualTo(doubts);
  }

  @Test
  void theWorkOfAKilledNodeGoesOnElsewhere() throws Exception {
    Subscription subscription = subscriptionOf(one, Manner.PROMPT);
    publish(two, 1, 10);
    await().atMost(SOON).until(() -> seen(subscription) >= 10);

    one.kill();
    Set<String> later = publish(two, 11, 20);

    await().atMost(SOON).until(() -> keys(subscription).containsAll(later));
    one.launch();
    one.awaitStarted();
  }

  @Test
  void aFrozenNodeLosesItsShardsAndSendsNothingForThemOnceThawed() throws Exception {
    Subscription subscription = subscriptionOf(one, Manner.SLOW);
    Set<String> events = publish(two, 1_001, 2_000);
    await().atMost(SOON).until(() -> seen(subscription) >= 50);

    one.freeze();
    await().atMost(SOON).until(() -> CLUSTER.shardsOf(two).size() == 256);
    await().atMost(SOON).until(() -> keys(subscription).containsAll(events));
    int before = seen(subscription);
    one.thaw();

    await().atMost(SOON).until(() -> one.health() == 200);
    awaitShares(128, one, two);
    assertThat(seen(subscription) - before)
        .as("of some 900 that it had in memory")
        .isLessThanOrEqualTo(MOST_IN_FLIGHT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNodeWithoutItsDatabaseStopsSaysSoAndComesBackByItself(boolean silently) throws Exception {
    Subscription subscription = subscriptionOf(one, Manner.SLOW);
    publish(two, 3_001, 3_500);
    await().atMost(SOON).until(() -> seen(subscription) >= 20);

    if (silently) {
      one.link().silence();
    } else {
      one.link().cut();
    }
    await().atMost(SOON).until(() -> one.health() == 503);
    await().atMost(SOON).until(() -> CLUSTER.shardsOf(two).size() == 256);
    Set<String> meanwhile = publish(two, 4_001, 4_010);
    await().atMost(SOON).until(() -> keys(subscription).containsAll(meanwhile));

    one.link().mend();
    await().atMost(SOON).until(() -> one.health() == 200);
    awaitShares(128, one, two);
    Subscription its = subscriptionOf(one, Manner.PROMPT);
    Set<String> through = publish(one, 5_001, 5_100);
    await().atMost(SOON_AFTER_SILENCE).until(() -> keys(its).containsAll(through));
    await().atMost(SOON_AFTER_SILENCE).until(() -> pending() == 0);
  }

  @Test
  void callersBehindABalancerNoticeNothingOfARollingRestart() throws Exception {
    try (Balancer balancer = new Balancer(CLUSTER.nodes().subList(0, 2), CUSTOMER)) {
      Subscription subscription = subscriptionOf(one, Manner.PROMPT);
      balancer.start(8);
      await().atMost(SOON).until(() -> balancer.acknowledged().size() > 100);
      for (Node node : List.of(one, two)) {
        assertThat(node.stop()).as("exit code of an orderly stop").isEqualTo(143);
        node.launch();
        node.awaitStarted();
        node.awaitReady();
        int enough = balancer.acknowledged().size() + 100;
        await().atMost(SOON).until(() -> balancer.acknowledged().size() > enough);
      }
      balancer.stop();

      assertThat(balancer.failures()).isEmpty();
      await().atMost(SOON).until(() -> keys(subscription).containsAll(balancer.acknowledged()));
    }
  }

  private static Subscription subscriptionOf(Node owner, Manner manner) {
    while (true) {
      Subscription made =
          SUBSCRIBER.create(new Wish(List.of(Load.OFTEN), 1_000_000, manner, true), RANDOM);
      if (CLUSTER.shardsOf(owner).contains(shardOf(made))) {
        return made;
      }
      SUBSCRIBER.delete(made);
    }
  }

  private static int shardOf(Subscription subscription) {
    return new StoredLog(CLUSTER.jdbi(), Set.of()).shardOf(subscription).orElseThrow();
  }

  private static Set<String> publish(Node node, long first, long last) throws IOException {
    String events =
        LongStream.rangeClosed(first, last)
            .mapToObj(number ->
                "{\"type\":\"%s\",\"payload\":{\"number\":%d}}".formatted(Load.OFTEN, number))
            .collect(Collectors.joining(",", "{\"events\":[", "]}"));
    assertThat(node.api(CUSTOMER.key()).post("/events", events).status()).isEqualTo(201);
    return LongStream.rangeClosed(first, last)
        .mapToObj(Publication::numbered)
        .collect(Collectors.toSet());
  }

  private static int seen(Subscription subscription) {
    return subscription.requests().size();
  }

  private static Set<String> keys(Subscription subscription) {
    return subscription.requests().stream().map(Request::key).collect(Collectors.toSet());
  }

  private static void awaitShares(int share, Node... nodes) {
    for (Node node : nodes) {
      await().atMost(SOON).until(() -> CLUSTER.shardsOf(node).size() == share);
    }
  }

  private static long doubts() {
    return count("SELECT count(*) FROM posthorn.shard_doubt");
  }

  private static long pending() {
    return count("SELECT count(*) FROM posthorn.delivery WHERE state = 'pending'");
  }

  private static long count(String query) {
    return CLUSTER.jdbi().withHandle(handle -> handle.select(query).mapTo(Long.class).one());
  }
}
