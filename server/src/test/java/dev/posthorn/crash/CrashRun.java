package dev.posthorn.crash;

import static org.awaitility.Awaitility.await;

import dev.posthorn.crash.Subscriber.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Runs a plan: customers go on as usual, while fault follows fault; then everything may settle. */
final class CrashRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int FAST = 1_000_000;

  /** Deliveries that somebody still has to send or to cancel. */
  private static final String WAITING =
      """
      SELECT count(*) FROM posthorn.delivery d
      JOIN posthorn.webhook w ON w.account_id = d.account_id AND w.id = d.webhook_id
      WHERE d.state = 'pending' AND (w.enabled OR w.deleted_at IS NOT NULL)
      """;

  private static final List<Wish> STEADY =
      List.of(
          new Wish(List.of(), FAST, Manner.PROMPT, true),
          new Wish(List.of(Load.OFTEN), FAST, Manner.PROMPT, true),
          new Wish(List.of(Load.OFTEN), 100_000, Manner.PROMPT, true),
          new Wish(List.of(Load.OFTEN), 100_000, Manner.SLOW, true),
          new Wish(List.of(Load.RARE), 600, Manner.SLUGGISH, true),
          new Wish(List.of(), FAST, Manner.FAILING, true),
          new Wish(List.of(Load.OFTEN, "opportunity.create"), FAST, Manner.DROPPING, true),
          new Wish(List.of("opportunity.create", "opportunity.update"), 3_000, Manner.PROMPT, true),
          new Wish(List.of(Load.RARE), 60, Manner.PROMPT, true),
          new Wish(List.of(Load.RARE), 30, Manner.SLOW, true));

  private final CrashPlan plan;
  private final SplittableRandom random;
  private final Cluster cluster;
  private final Receiver receiver;
  private final Ledger ledger = new Ledger();
  private final Doubts doubts;
  private final Faults faults;

  CrashRun(CrashPlan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed());
    this.cluster = new Cluster(plan.nodes());
    this.receiver = new Receiver(new Random(plan.seed()));
    this.doubts = new Doubts(cluster.jdbi());
    this.faults = new Faults(cluster);
  }

  /** Returns what it found, once everything is over. */
  Report run() {
    long began = System.nanoTime();
    List<Customer> customers = new ArrayList<>();
    for (int i = 1; i <= plan.accounts(); i++) {
      customers.add(cluster.createAccount("customer" + i));
    }
    try (Load load = new Load()) {
      customers.forEach(customer -> begin(customer, load));
      await().atMost(PATIENCE).until(() -> ledger.publications().size() > 100);
      plan.faults().forEach(this::cause);
    }
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> waiting() == 0);
    doubts.note();
    Evidence evidence =
        new Evidence(
            ledger.publications(),
            ledger.subscriptions(),
            new StoredLog(cluster.jdbi(), doubts.all()),
            new ShownLog(cluster, ledger),
            Evidence.Moment.now());
    return new Report(plan, ledger, faults.done(), evidence, System.nanoTime() - began);
  }

  private void cause(Fault fault) {
    faults.cause(fault);
    doubts.note();
  }

  private void begin(Customer customer, Load load) {
    int first = 0;
    Subscriber subscriber = subscriber(customer, first++);
    subscriber.defineTypes();
    STEADY.forEach(wish -> subscriber.create(wish, random));
    for (boolean batches : new boolean[] {false, true}) {
      Client client = new Client(cluster, customer, ledger, first++);
      load.add(new EventWriter(customer, client, ledger, random.split(), batches), random.split());
    }
    Client client = new Client(cluster, customer, ledger, first++);
    load.add(new RecordWriter(customer, client, ledger), random.split());
    load.add(new SqlWriter(customer, cluster.database(), ledger, random.split()), random.split());
    Subscriber restless = subscriber(customer, first++);
    load.add(new Churn(restless, random.split()), random.split());
  }

  private Subscriber subscriber(Customer customer, int first) {
    Client client = new Client(cluster, customer, ledger, first);
    return new Subscriber(customer, client, receiver, ledger, cluster.jdbi());
  }

  private long waiting() {
    return cluster.jdbi().withHandle(handle -> handle.select(WAITING).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    receiver.close();
    cluster.close();
  }
}
