package dev.posthorn.delivery;

import dev.posthorn.db.Database;
import dev.posthorn.db.DatabaseAddress;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.Secret;
import dev.posthorn.db.TestDatabase;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.Cidr;
import dev.posthorn.egress.EgressPolicy;
import dev.posthorn.egress.EgressSettings;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.HostResolver;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.event.EventLog;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import dev.posthorn.signing.SigningSecret;
import dev.posthorn.webhook.EncryptionKey;
import dev.posthorn.webhook.SecretBox;
import dev.posthorn.webhook.WebhookChanges;
import dev.posthorn.webhook.WebhookSecrets;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jdbi.v3.core.Handle;

/** A database with an account, and engines on it that may reach loopback. */
final class EngineFixture implements AutoCloseable {
  static final long ACCOUNT = 1;
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  final TestDatabase postgres = TestDatabase.migrated();
  final Database database = Database.openForEngine(postgres.address(), 10);

  /** The monotonic clock of every node, whose reading a test may make fail. */
  volatile LongSupplier ticker = System::nanoTime;

  final EngineClock clock = new EngineClock(databaseTime(), () -> ticker.getAsLong());
  final TimeOrderedIds ids = new TimeOrderedIds(clock, RandomGenerator.getDefault());
  final SecureRandom random = new SecureRandom();
  final WebhookSecrets secrets =
      new WebhookSecrets(new SecretBox(EncryptionKey.generate(random), random));
  final EgressPolicy policy =
      new EgressPolicy(List.of(Cidr.parse("127.0.0.0/8")), false, Set.of(), null);

  /** The wall clock of every node, which a test may set forward or back. */
  volatile InstantSource wall = InstantSource.system();

  private final List<DeliveryEngine> engines = new ArrayList<>();
  private final List<GuardedHttpClient> clients = new ArrayList<>();
  private final List<Database> databases = new ArrayList<>();
  private final List<String> users = new ArrayList<>();

  EngineFixture() {
    new Partitions(database).makeAhead(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    database.withHandle(
        handle -> handle.execute("INSERT INTO account (id, name) VALUES (?, 'test')", ACCOUNT));
  }

  private Instant databaseTime() {
    return database
        .withHandle(handle ->
            handle
                .createQuery("SELECT clock_timestamp()")
                .mapTo(java.time.OffsetDateTime.class)
                .one())
        .toInstant();
  }

  /** Starts a node; alone, so that shards of a node that was dropped are taken at once. */
  DeliveryEngine start(DeliverySettings settings) {
    return start(settings, true);
  }

  DeliveryEngine start(DeliverySettings settings, boolean alone) {
    return start(settings, alone, database, HostResolver.system());
  }

  /** Starts a node that finds the addresses of receivers by other means. */
  DeliveryEngine start(DeliverySettings settings, HostResolver resolver) {
    return start(settings, true, database, resolver);
  }

  /**
   * Starts one of several nodes, with a database user of its own: {@link #cut} takes its database
   * away from it, as a broken network would, and {@link #mend} gives it back.
   */
  DeliveryEngine startNode(String user, DeliverySettings settings) {
    update("DROP ROLE IF EXISTS " + user); // left by a run that was killed
    update("CREATE ROLE " + user + " LOGIN SUPERUSER PASSWORD '" + user + "'");
    users.add(user);
    DatabaseAddress address =
        new DatabaseAddress(postgres.address().jdbcUrl(), user, new Secret(user));
    Database own = Database.openForEngine(address, 10);
    databases.add(own);
    return start(settings, false, own, HostResolver.system());
  }

  void cut(String user) {
    update("ALTER ROLE " + user + " NOLOGIN");
    cutConnections(user);
  }

  void mend(String user) {
    update("ALTER ROLE " + user + " LOGIN");
  }

  /** Ends the connections that a user has now; it may connect again. */
  void cutConnections(String user) {
    database.withHandle(handle ->
        handle
            .createQuery(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :user"
                    + " AND pid <> pg_backend_pid()")
            .bind("user", user)
            .mapTo(Boolean.class)
            .list());
  }

  private DeliveryEngine start(
      DeliverySettings settings, boolean alone, Database connections, HostResolver resolver) {
    DeliveryEngine engine =
        new DeliveryEngine(
            new DeliveryEngine.Parts(
                "test",
                alone,
                "test",
                connections,
                clock,
                () -> wall.instant(),
                new Random(1),
                client(resolver),
                new UrlRule(policy),
                secrets,
                new Partitions(connections),
                settings));
    engine.start();
    engines.add(engine);
    return engine;
  }

  /** Sends to whatever receivers this allows; closed with it. */
  GuardedHttpClient client(HostResolver resolver) {
    EgressSettings egress = EgressSettings.standard();
    GuardedHttpClient client;
    try {
      client =
          new GuardedHttpClient(
              egress, policy, resolver, SSLContext.getDefault(), System::nanoTime);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    clients.add(client);
    return client;
  }

  /** The webhooks that a node owns, by the user that it was started with. */
  List<Long> webhooksOfOwner(String user) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT w.id FROM webhook w
                JOIN shard s ON s.id = w.id % 256
                JOIN node n ON n.id = s.owner
                JOIN pg_stat_activity a ON a.pid = n.pid
                WHERE a.usename = :user
                """)
            .bind("user", user)
            .mapTo(Long.class)
            .list());
  }

  /** Registers a webhook for every event type and returns its internal id. */
  long webhook(String url, int rateLimit) {
    UUID publicId = UUID.randomUUID();
    byte[] secret = secrets.seal(publicId, accepted(SECRET));
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                INSERT INTO webhook (account_id, public_id, url, secret, rate_limit, created_at, updated_at)
                VALUES (:account, :publicId, :url, :secret, :rateLimit, now(), now()) RETURNING id
                """)
            .bind("account", ACCOUNT)
            .bind("publicId", publicId)
            .bind("url", url)
            .bind("secret", secret)
            .bind("rateLimit", rateLimit)
            .mapTo(Long.class)
            .one());
  }

  /** Commits events without handing them over. */
  List<PublishedEvent> publish(int count) {
    return database.inTransaction(transaction -> publish(transaction, count));
  }

  List<PublishedEvent> publish(Handle transaction, int count) {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = ("{\"number\":" + i + "}").getBytes(StandardCharsets.UTF_8);
      events.add(new NewEvent(ACCOUNT, ids.next(), "test.event", null, payload, clock.instant()));
    }
    return EventLog.publish(transaction, events);
  }

  static Collection<DeliveryEngine.Published> handedOver(List<PublishedEvent> events) {
    return events.stream()
        .flatMap(published ->
            published.webhookIds().stream()
                .map(webhook ->
                    new DeliveryEngine.Published(
                        published.event().accountId(),
                        webhook,
                        published.event().id(),
                        published.event().type(),
                        published.event().payload(),
                        published.event().createdAt())))
        .toList();
  }

  /** Commits one event with a payload of this size. */
  List<PublishedEvent> publishLarge(int count, int bytes) {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = ("\"" + "x".repeat(bytes) + "\"").getBytes(StandardCharsets.UTF_8);
      events.add(new NewEvent(ACCOUNT, ids.next(), "test.event", null, payload, clock.instant()));
    }
    return database.inTransaction(transaction -> EventLog.publish(transaction, events));
  }

  /** Changes a webhook's row as the API does, and returns its new revision. */
  long change(long webhook, String assignments) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "UPDATE webhook SET "
                    + assignments
                    + ", revision = revision + 1 WHERE id = :id RETURNING revision")
            .bind("id", webhook)
            .mapTo(Long.class)
            .one());
  }

  /** Gives a webhook another secret; the one before goes on signing for an hour. */
  long rotate(long webhook, String secret) {
    UUID publicId = one(UUID.class, "SELECT public_id FROM webhook WHERE id = ?", webhook);
    byte[] sealed = secrets.seal(publicId, accepted(secret));
    update(
        "UPDATE webhook SET previous_secret = secret, secret = ?,"
            + " previous_secret_until = now() + interval '1 hour' WHERE id = ?",
        sealed,
        webhook);
    return change(webhook, "updated_at = now()");
  }

  /** Announces a change that was made, and waits until it is followed. */
  void follow(DeliveryEngine engine, long webhook, long revision) {
    try (WebhookChanges.Change change = engine.changes().begin()) {
      database.useHandle(handle -> change.announce(handle, ACCOUNT, webhook, revision));
      change.awaitFollowed();
    }
  }

  <T> T one(Class<T> type, String sql, Object... arguments) {
    return database.withHandle(handle -> handle.select(sql, arguments).mapTo(type).one());
  }

  /** How many deliveries of a webhook are in a state. */
  long count(long webhook, String state) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "SELECT count(*) FROM delivery WHERE webhook_id = :webhook AND state::text = :state")
            .bind("webhook", webhook)
            .bind("state", state)
            .mapTo(Long.class)
            .one());
  }

  void update(String sql, Object... arguments) {
    database.withHandle(handle -> handle.execute(sql, arguments));
  }

  static SigningSecret accepted(String text) {
    return ((dev.posthorn.signing.ParsedSecret.Accepted) SigningSecret.parse(text)).secret();
  }

  /** Stops every node in order. */
  void stopAll() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    engines.clear();
  }

  @Override
  public void close() {
    users.forEach(this::mend);
    stopAll();
    clients.forEach(GuardedHttpClient::close);
    databases.forEach(Database::close);
    users.forEach(user -> update("DROP ROLE " + user));
    database.close();
    postgres.close();
  }
}
