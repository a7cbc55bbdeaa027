package dev.posthorn;

import dev.posthorn.account.ApiKeyAuthenticator;
import dev.posthorn.account.ApiKeys;
import dev.posthorn.account.LastUses;
import dev.posthorn.config.Configuration;
import dev.posthorn.config.Settings;
import dev.posthorn.crm.CrmRoutes;
import dev.posthorn.crm.RecordEvents;
import dev.posthorn.crm.Records;
import dev.posthorn.db.Database;
import dev.posthorn.db.EngineClock;
import dev.posthorn.db.Partitions;
import dev.posthorn.db.SharedSettings;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.delivery.ActionRoutes;
import dev.posthorn.delivery.DeliveryEngine;
import dev.posthorn.delivery.DeliveryRoutes;
import dev.posthorn.delivery.Housekeeping;
import dev.posthorn.delivery.StatsRoutes;
import dev.posthorn.egress.EgressPolicy;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.HostResolver;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.event.EventMaker;
import dev.posthorn.event.EventRoutes;
import dev.posthorn.event.EventTypeRoutes;
import dev.posthorn.event.ExamplePayloads;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import dev.posthorn.event.Publisher;
import dev.posthorn.event.RecordPayload;
import dev.posthorn.event.TypeCatalog;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.OpenApiRoutes;
import dev.posthorn.http.Routes;
import dev.posthorn.notice.Postman;
import dev.posthorn.telemetry.HealthRoutes;
import dev.posthorn.webhook.SecretBox;
import dev.posthorn.webhook.WebhookEdits;
import dev.posthorn.webhook.WebhookForm;
import dev.posthorn.webhook.WebhookRegister;
import dev.posthorn.webhook.WebhookRoutes;
import dev.posthorn.webhook.WebhookSecrets;
import dev.posthorn.webhook.WebhookTargets;
import dev.posthorn.webhook.WebhookView;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A running Posthorn: builds every part in the order in which they need each other, and stops them
 * in the opposite one.
 *
 * <p>What is here is the architecture: storage below, then the engine that delivers, then
 * publishing, which hands over to it, then the API in front.
 */
public final class Server implements AutoCloseable {
  private static final int API_CONNECTIONS = 12;
  private static final int ENGINE_CONNECTIONS = 12;
  private static final Duration API_RATE_WINDOW = Duration.ofSeconds(10);
  private static final Duration KEY_USE_INTERVAL = Duration.ofSeconds(5);

  private final Configuration configuration;
  private final Lifecycle lifecycle = new Lifecycle();
  private final InstantSource wallClock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final PartSettings settings;
  private final Storage storage;
  private final Database database;
  private final EngineClock clock;
  private final TimeOrderedIds ids;
  private final WebhookSecrets secrets;
  private final EgressPolicy egressPolicy;
  private final GuardedHttpClient client;
  private final DeliveryEngine engine;
  private final ApiServer api;
  private volatile boolean stopping;

  private Server(Configuration configuration) {
    this.configuration = configuration;
    try {
      this.settings = PartSettings.of(configuration);
      this.storage = Storage.forServer(configuration, lifecycle);
      this.database =
          lifecycle.add("the API's connections", Database.open(storage.address(), API_CONNECTIONS));
      this.clock = new EngineClock(database.time(), System::nanoTime);
      this.ids = new TimeOrderedIds(clock, random);
      this.secrets = new WebhookSecrets(new SecretBox(storage.key(), random));
      this.egressPolicy = settings.egressPolicy();
      this.client = lifecycle.add("the HTTP client", httpClient());
      this.engine = startEngine();
      startMail();
      this.api = startApi();
    } catch (RuntimeException e) {
      stopAfter(e);
      throw e;
    }
  }

  /**
   * Returns once requests are taken.
   *
   * @throws RuntimeException in words for the operator, when it cannot start; then nothing is left
   *     running
   */
  public static Server start(Configuration configuration) {
    return new Server(configuration);
  }

  /** Where the server listens. */
  public URI localUrl() {
    return URI.create("http://" + settings.http().host() + ":" + api.port());
  }

  /** Connections to its database. */
  public Database database() {
    return database;
  }

  /** Stops in order: what was acknowledged is stored, what is under way is recorded. */
  @Override
  public void close() {
    stopping = true;
    lifecycle.close();
  }

  private void stopAfter(RuntimeException failure) {
    try {
      lifecycle.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private GuardedHttpClient httpClient() {
    try {
      return new GuardedHttpClient(
          settings.egress(),
          egressPolicy,
          HostResolver.system(),
          SSLContext.getDefault(),
          System::nanoTime);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private DeliveryEngine startEngine() {
    Database connections =
        lifecycle.add(
            "the engine's connections",
            Database.openForEngine(storage.address(), ENGINE_CONNECTIONS));
    Partitions partitions = new Partitions(connections);
    partitions.makeAhead(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    DeliveryEngine started =
        new DeliveryEngine(
            new DeliveryEngine.Parts(
                hostName(),
                storage.alone(),
                Version.text(),
                connections,
                clock,
                wallClock,
                random,
                client,
                new UrlRule(egressPolicy),
                secrets,
                partitions,
                settings.delivery()));
    started.start();
    lifecycle.add("deliveries", () -> started.stop(configuration.get(Settings.SHUTDOWN_GRACE)));
    Housekeeping housekeeping =
        new Housekeeping(connections, partitions, clock, configuration.get(Settings.RETENTION));
    lifecycle.add("housekeeping", housekeeping).start();
    return started;
  }

  private void startMail() {
    lifecycle
        .add("mail", new Postman(database, clock, settings.mail(), Postman.Times.USUAL))
        .start();
  }

  private ApiServer startApi() {
    database.inTransaction(transaction -> {
      SharedSettings.put(
          transaction, SharedSettings.PUBLIC_URL, settings.http().publicUrl().toString());
      return null;
    });
    return lifecycle.add(
        "the API",
        ApiServer.start(
            settings.http(),
            routes(),
            new ApiServer.Rules(
                authenticator(),
                new ApiLimit(
                    configuration.get(Settings.API_RATE_LIMIT), API_RATE_WINDOW, System::nanoTime),
                Database::isTransient),
            new ApiServer.Nature(System::nanoTime, random)));
  }

  private ApiKeyAuthenticator authenticator() {
    ApiKeys keys = new ApiKeys(random);
    LastUses lastUses = lifecycle.add("the last uses of keys", new LastUses(database, keys));
    lastUses.start(KEY_USE_INTERVAL);
    return new ApiKeyAuthenticator(
        database, keys, lastUses, new ApiKeyAuthenticator.Clocks(wallClock, System::nanoTime));
  }

  private List<Routes> routes() {
    RecordPayload payload = new RecordPayload(settings.http().publicUrl());
    TypeCatalog types = new TypeCatalog(database, System::nanoTime);
    Cursors cursors = new Cursors(storage.key().derive("cursors"));
    WebhookRegister register = webhookRegister();
    return List.of(
        new FrontRoutes(Version.text()),
        new OpenApiRoutes(),
        new HealthRoutes(this::readiness),
        recordRoutes(payload),
        webhookRoutes(register, types),
        new EventTypeRoutes(database, types, payload, clock),
        eventRoutes(payload, types, cursors),
        new DeliveryRoutes(database, cursors, clock),
        new StatsRoutes(database, clock),
        actionRoutes(register, payload));
  }

  private ActionRoutes actionRoutes(WebhookRegister register, RecordPayload payload) {
    ExamplePayloads examples = new ExamplePayloads(database, payload);
    return new ActionRoutes(
        new ActionRoutes.Parts(
            database, engine, register, new WebhookView(secrets), examples::of, clock, ids));
  }

  private CrmRoutes recordRoutes(RecordPayload payload) {
    RecordEvents events = new RecordEvents(payload, clock, ids);
    return new CrmRoutes(lifecycle.add("records", new Records(database, events, this::handOver)));
  }

  private WebhookRegister webhookRegister() {
    WebhookEdits edits = new WebhookEdits(secrets, random, settings.webhooks());
    return new WebhookRegister(database, edits, engine.changes(), clock, ids);
  }

  private WebhookRoutes webhookRoutes(WebhookRegister register, TypeCatalog types) {
    WebhookTargets targets = new WebhookTargets(new UrlRule(egressPolicy), client::check);
    return new WebhookRoutes(
        register,
        new WebhookForm(targets, types, settings.webhooks()),
        new WebhookView(secrets),
        clock);
  }

  private EventRoutes eventRoutes(RecordPayload payload, TypeCatalog types, Cursors cursors) {
    Publisher publisher = lifecycle.add("publishing", new Publisher(database, this::handOver));
    return new EventRoutes(
        publisher, new EventMaker(types, payload, ids, clock), database, cursors);
  }

  private HealthRoutes.Readiness readiness() {
    if (stopping) {
      return new HealthRoutes.Readiness.NotReady("the server is stopping");
    }
    return engine.isConnected()
        ? new HealthRoutes.Readiness.Ready()
        : new HealthRoutes.Readiness.NotReady(
            "there is no session with the database, so nothing is sent");
  }

  /** Adapts what was published to what the engine takes over. */
  private void handOver(List<PublishedEvent> events) {
    engine.handOver(
        events.stream()
            .flatMap(published ->
                published.webhookIds().stream()
                    .map(webhook -> delivery(published.event(), webhook)))
            .toList());
  }

  private static DeliveryEngine.Published delivery(NewEvent event, long webhookId) {
    return new DeliveryEngine.Published(
        event.accountId(), webhookId, event.id(), event.type(), event.payload(), event.createdAt());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
