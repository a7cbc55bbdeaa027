package dev.posthorn.delivery;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.db.Database;
import dev.posthorn.db.IdText;
import dev.posthorn.egress.HostCheck;
import dev.posthorn.egress.UrlRule;
import dev.posthorn.event.EventTypeRoutes;
import dev.posthorn.event.ExamplePayloads;
import dev.posthorn.event.RecordPayload;
import dev.posthorn.event.TypeCatalog;
import dev.posthorn.http.ApiClient;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Caller;
import dev.posthorn.http.Cursors;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.http.Scope;
import dev.posthorn.webhook.WebhookEdits;
import dev.posthorn.webhook.WebhookForm;
import dev.posthorn.webhook.WebhookRegister;
import dev.posthorn.webhook.WebhookRoutes;
import dev.posthorn.webhook.WebhookSettings;
import dev.posthorn.webhook.WebhookTargets;
import dev.posthorn.webhook.WebhookView;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** The API of one node or several, each in front of an engine of its own, on one database. */
final class ActionFixture implements AutoCloseable {
  static final String PUBLIC_URL = "https://posthorn.test";
  static final Duration SOON = Duration.ofSeconds(30);

  private static final Map<String, Caller> CALLERS =
      Map.of(
          "ph_live_one", new Caller(1, 11, EnumSet.allOf(Scope.class)),
          "ph_live_two", new Caller(2, 21, EnumSet.allOf(Scope.class)),
          "ph_live_reader", new Caller(1, 12, Set.of(Scope.WEBHOOKS_READ)));

  final EngineFixture engines = new EngineFixture();
  private final Database apiDatabase = Database.open(engines.postgres.address(), 10);
  private final List<ApiServer> servers = new ArrayList<>();

  /** A node: an engine and the API in front of it. */
  record Node(DeliveryEngine engine, ApiClient api, ApiClient other, ApiClient reader) {}

  /** Starts the only node. */
  Node start() {
    return start(DeliverySettings.DEFAULTS, true, Duration.ofSeconds(10));
  }

  Node start(DeliverySettings settings, boolean alone, Duration patience) {
    DeliveryEngine engine = engines.start(settings, alone);
    ApiServer server =
        ApiServer.start(
            new HttpSettings("127.0.0.1", 0, URI.create(PUBLIC_URL), HttpSettings.Limits.DEFAULT),
            List.of(
                webhookRoutes(engine),
                actionRoutes(engine, patience),
                new EventTypeRoutes(apiDatabase, catalog(), payload(), engines.clock),
                new DeliveryRoutes(apiDatabase, new Cursors(new byte[32]), engines.clock)),
            new ApiServer.Rules(
                key -> Optional.ofNullable(CALLERS.get(key)),
                new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime),
                Database::isTransient),
            new ApiServer.Nature(System::nanoTime, new Random(1)));
    servers.add(server);
    return new Node(
        engine,
        ApiClient.on(server.port(), "ph_live_one"),
        ApiClient.on(server.port(), "ph_live_two"),
        ApiClient.on(server.port(), "ph_live_reader"));
  }

  private WebhookRoutes webhookRoutes(DeliveryEngine engine) {
    WebhookTargets targets =
        new WebhookTargets(
            new UrlRule(engines.policy),
            host -> new HostCheck.Allowed(List.of(InetAddress.getLoopbackAddress())));
    return new WebhookRoutes(
        register(engine),
        new WebhookForm(targets, catalog(), WebhookSettings.DEFAULT),
        new WebhookView(engines.secrets),
        engines.clock);
  }

  private ActionRoutes actionRoutes(DeliveryEngine engine, Duration patience) {
    ExamplePayloads examples = new ExamplePayloads(apiDatabase, payload());
    return new ActionRoutes(
        new ActionRoutes.Parts(
            apiDatabase,
            engine,
            register(engine),
            new WebhookView(engines.secrets),
            examples::of,
            engines.clock,
            engines.ids),
        patience);
  }

  private WebhookRegister register(DeliveryEngine engine) {
    WebhookEdits edits = new WebhookEdits(engines.secrets, engines.random, WebhookSettings.DEFAULT);
    return new WebhookRegister(apiDatabase, edits, engine.changes(), engines.clock, engines.ids);
  }

  private TypeCatalog catalog() {
    return new TypeCatalog(apiDatabase, System::nanoTime);
  }

  private static RecordPayload payload() {
    return new RecordPayload(URI.create(PUBLIC_URL));
  }

  /** Registers a webhook and returns its internal id. */
  long webhook(String url, int rateLimit) {
    return engines.webhook(url, rateLimit);
  }

  /** The path of a webhook in the API. */
  String path(long webhook) {
    return "/webhooks/" + publicId(webhook);
  }

  UUID publicId(long webhook) {
    return value(UUID.class, "SELECT public_id FROM webhook WHERE id = " + webhook);
  }

  /** The path of the delivery of an event to a webhook. */
  String path(long webhook, UUID event) {
    return "/deliveries/" + IdText.of("dlv_", event, publicId(webhook));
  }

  /** Commits events whose deliveries are then in a state. */
  List<UUID> deliveries(long webhook, int count, String state) {
    return state.equals("pending")
        ? deliveriesWith(webhook, count, "retry = false")
        : deliveriesWith(
            webhook,
            count,
            "state = '" + state + "', retry = true, attempts = 10, settled_at = now()");
  }

  /** The same in one transaction, so that no running node sees them as they were before. */
  List<UUID> deliveriesWith(long webhook, int count, String assignments) {
    return engines.database.inTransaction(transaction -> {
      List<UUID> events =
          engines.publish(transaction, count).stream()
              .map(published -> published.event().id())
              .toList();
      transaction
          .createUpdate(
              "UPDATE delivery SET "
                  + assignments
                  + " WHERE webhook_id = :webhook AND event_id = ANY (:events)")
          .bind("webhook", webhook)
          .bindArray("events", UUID.class, events)
          .execute();
      return events;
    });
  }

  <T> T value(Class<T> type, String sql) {
    return engines.database.withHandle(handle -> handle.createQuery(sql).mapTo(type).one());
  }

  Instant now() {
    return engines.clock.instant();
  }

  void awaitOwner(Node node) {
    await().atMost(SOON).until(() -> node.engine().ownedShards() == 256);
  }

  void awaitCount(long webhook, String state, long count) {
    await().atMost(SOON).until(() -> engines.count(webhook, state) == count);
  }

  /** Until nothing is left of what was asked. */
  void awaitCarriedOut() {
    await()
        .atMost(SOON)
        .until(() -> value(Long.class, "SELECT count(*) FROM intent WHERE done_at IS NULL") == 0);
  }

  static String id(JsonNode delivery) {
    return delivery.at("/delivery/id").asText();
  }

  @Override
  public void close() {
    servers.forEach(ApiServer::close);
    engines.close();
    apiDatabase.close();
  }
}
