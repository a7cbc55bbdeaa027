package dev.posthorn.event;

import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.TestDatabase;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.EgressPolicy;
import dev.posthorn.egress.EgressSettings;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.ScriptedResolver;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Caller;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.http.Scope;
import dev.posthorn.webhook.EncryptionKey;
import dev.posthorn.webhook.SecretBox;
import dev.posthorn.webhook.WebhookChanges;
import dev.posthorn.webhook.WebhookEdits;
import dev.posthorn.webhook.WebhookForm;
import dev.posthorn.webhook.WebhookRegister;
import dev.posthorn.webhook.WebhookRoutes;
import dev.posthorn.webhook.WebhookSecrets;
import dev.posthorn.webhook.WebhookSettings;
import dev.posthorn.webhook.WebhookTargets;
import dev.posthorn.webhook.WebhookView;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The API of webhooks, event types and events on a database of its own, with two accounts. {@code
 * example.com} is public, {@code inside.example.com} is not; no other name is known to anyone.
 */
public final class ApiFixture implements AutoCloseable {
  public static final String PUBLIC_URL = "https://posthorn.test";
  public static final int HIGHEST_RATE_LIMIT = 1_000_000;

  private static final Map<String, Caller> CALLERS =
      Map.of(
          "ph_live_one", new Caller(1, 11, EnumSet.allOf(Scope.class)),
          "ph_live_two", new Caller(2, 21, EnumSet.allOf(Scope.class)),
          "ph_live_reader", new Caller(1, 12, Set.of(Scope.WEBHOOKS_READ)));

  /** A change that the engine was told of. */
  public record Told(long accountId, long webhookId, long revision) {}

  public final ScriptedResolver resolver =
      new ScriptedResolver()
          .answers("example.com", "93.184.215.14")
          .answers("other.example.com", "93.184.215.15")
          .answers("mixed.example.com", "93.184.215.15", "10.0.0.1")
          .answers("inside.example.com", "192.168.1.1");

  public final List<Told> told = new CopyOnWriteArrayList<>();
  public final List<PublishedEvent> handedOver = new CopyOnWriteArrayList<>();

  /** Stands still until a test moves it. */
  final AtomicLong catalogNanos = new AtomicLong();

  private final TestDatabase postgres = TestDatabase.migrated();
  private final EngineClock clock = new EngineClock(databaseTime(), System::nanoTime);
  private final TimeOrderedIds ids = new TimeOrderedIds(clock, new Random(7));
  private final SecureRandom random = new SecureRandom();
  public final WebhookSecrets secrets =
      new WebhookSecrets(new SecretBox(EncryptionKey.generate(random), random));
  final TypeCatalog catalog = new TypeCatalog(database(), catalogNanos::get);
  private final Publisher publisher = new Publisher(database(), handedOver::addAll);
  private final GuardedHttpClient client;
  private final ApiServer server;

  public ApiFixture() {
    this(WebhookSettings.DEFAULT);
  }

  public ApiFixture(WebhookSettings settings) {
    new Partitions(database()).makeAhead(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    EgressPolicy policy =
        new EgressPolicy(
            List.of(), false, EgressPolicy.USUALLY_DENIED_PORTS, URI.create(PUBLIC_URL));
    this.client =
        new GuardedHttpClient(EgressSettings.standard(), policy, resolver, tls(), System::nanoTime);
    this.server = start(settings, policy);
  }

  /** Takes note of what was announced when it is asked to be followed, after the commit. */
  private final class ToldChange implements WebhookChanges.Change {
    private @Nullable Told announced;

    @Override
    public void announce(Handle transaction, long accountId, long webhookId, long revision) {
      announced = new Told(accountId, webhookId, revision);
    }

    @Override
    public void awaitFollowed() {
      told.add(Objects.requireNonNull(announced));
    }

    @Override
    public void close() {}
  }

  private ApiServer start(WebhookSettings settings, EgressPolicy policy) {
    RecordPayload payload = new RecordPayload(URI.create(PUBLIC_URL));
    WebhookRegister register =
        new WebhookRegister(
            database(), new WebhookEdits(secrets, random, settings), ToldChange::new, clock, ids);
    WebhookForm form =
        new WebhookForm(new WebhookTargets(new UrlRule(policy), client::check), catalog, settings);
    return ApiServer.start(
        new HttpSettings("127.0.0.1", 0, URI.create(PUBLIC_URL), HttpSettings.Limits.DEFAULT),
        List.of(
            new WebhookRoutes(register, form, new WebhookView(secrets), clock),
            new EventTypeRoutes(database(), catalog, payload, clock),
            new EventRoutes(
                publisher,
                new EventMaker(catalog, payload, ids, clock),
                database(),
                new Cursors(new byte[32]))),
        new ApiServer.Rules(
            key -> Optional.ofNullable(CALLERS.get(key)),
            new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime),
            Database::isTransient),
        new ApiServer.Nature(System::nanoTime, new Random(1)));
  }

  /** The first account, with a key of every scope. */
  public ApiClient api() {
    return ApiClient.on(server.port(), "ph_live_one");
  }

  /** The second account. */
  public ApiClient otherAccount() {
    return ApiClient.on(server.port(), "ph_live_two");
  }

  /** The first account, with a key that may only read webhooks. */
  public ApiClient reader() {
    return ApiClient.on(server.port(), "ph_live_reader");
  }

  public Database database() {
    return postgres.database();
  }

  public Instant now() {
    return clock.instant();
  }

  /** Adds an event type to the first account. */
  public void addType(String name) {
    api().post("/event_types", "{\"event_type\": {\"name\": \"" + name + "\"}}");
  }

  /** Creates a webhook of the first account; returns its id. */
  public String addWebhook(String fields) {
    String body = "{\"webhook\": {\"url\": \"https://example.com/\"" + fields + "}}";
    return api().post("/webhooks", body).json().at("/webhook/id").asText();
  }

  /** One value of one row. */
  public <T> T value(Class<T> type, String sql) {
    return database().withHandle(handle -> handle.createQuery(sql).mapTo(type).one());
  }

  /** Forgets every webhook, event type and event. */
  void clear() {
    database()
        .withHandle(handle -> handle.execute("TRUNCATE webhook, event_type, event, delivery"));
    told.clear();
    handedOver.clear();
  }

  private Instant databaseTime() {
    return value(Instant.class, "SELECT clock_timestamp()");
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
    publisher.close();
    client.close();
    postgres.close();
  }
}
