package dev.posthorn.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.MDC;

/**
 * The HTTP server: listens, gives every request its id, and sends what {@link Edge} answers. Each
 * connection has a virtual thread.
 *
 * <p>Stopping ends each connection with its next answer until nobody has asked for a moment, takes
 * no new ones then, lets requests that are being answered finish within the grace period, and
 * closes the rest.
 */
public final class ApiServer implements AutoCloseable {
  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final String LOGGED_ID = "request_id";
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(5);
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;

  private final Edge edge;
  private final HttpSettings settings;
  private final RequestIds requestIds;
  private final LongSupplier nanos;
  private final ReadWatch watch;
  private final Farewell farewell;
  private final WebServer server;

  /**
   * What decides about requests.
   *
   * @param isOutage whether a failure means that something we need, such as the database, is away
   *     for the moment: 503 instead of 500
   */
  public record Rules(Authenticator authenticator, ApiLimit limit, Predicate<Throwable> isOutage) {}

  /**
   * Time and chance.
   *
   * @param nanos a steady clock, in nanoseconds
   */
  public record Nature(LongSupplier nanos, RandomGenerator random) {}

  private ApiServer(HttpSettings settings, List<Routes> routes, Rules rules, Nature nature) {
    this.settings = settings;
    this.nanos = nature.nanos();
    // A little later than the body's own deadline, which can still be answered.
    this.watch = new ReadWatch(nanos, settings.limits().body().multipliedBy(5).dividedBy(4));
    this.farewell =
        new Farewell(nanos, Collections.min(List.of(LONGEST_FAREWELL, settings.limits().grace())));
    this.requestIds = new RequestIds(nature.random());
    this.edge = edge(settings, routes, rules);
    this.server = build();
  }

  /** Starts listening; returns once connections are taken. */
  public static ApiServer start(
      HttpSettings settings, List<Routes> routes, Rules rules, Nature nature) {
    ApiServer server = new ApiServer(settings, routes, rules, nature);
    server.watch.start();
    server.server.start();
    return server;
  }

  /** The port it listens on, the chosen one if the settings said 0. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    farewell.awaitQuiet();
    server.stop();
    watch.close();
  }

  private static Edge edge(HttpSettings settings, List<Routes> routes, Rules rules) {
    Router router = new Router(routes.stream().flatMap(one -> one.routes().stream()).toList());
    String url = settings.publicUrl().toString();
    String publicUrl = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    Credentials credentials = new Credentials(rules.authenticator());
    return new Edge(router, credentials, rules.limit(), rules.isOutage(), publicUrl);
  }

  private WebServer build() {
    HttpSettings.Limits limits = settings.limits();
    return WebServer.builder()
        .host(settings.host())
        .port(settings.port())
        .shutdownHook(false)
        .shutdownGracePeriod(limits.grace())
        .maxPayloadSize(RequestBody.LARGEST_DISCARDED)
        .maxTcpConnections(limits.connections())
        .idleConnectionTimeout(limits.idle())
        .idleConnectionPeriod(limits.idle().dividedBy(2))
        .contentEncoding(new RawBodies())
        .directHandlers(new TransportProblems(requestIds).forEveryEvent())
        // One protocol only: with a choice, a silent connection would never count as idle.
        .protocolsDiscoverServices(false)
        .addProtocol(
            io.helidon.webserver.http1.Http1Config.builder()
                .maxHeadersSize(MAX_HEADER_BYTES)
                .maxPrologueLength(MAX_REQUEST_LINE_BYTES)
                .addReceiveListener(watch)
                .buildPrototype())
        .routing(HttpRouting.builder().any(this::handle))
        .build();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    String requestId = requestIds.of(request.headers().first(REQUEST_ID).orElse(null));
    MDC.put(LOGGED_ID, requestId);
    watch.end();
    farewell.asked();
    try {
      RequestBody body = new RequestBody(request, watch, nanos, settings.limits().body());
      Answer answer = edge.answer(request, body, requestId);
      boolean finished = body.finish();
      boolean closes = !finished || isLast(request);
      if (closes) {
        response.header(HeaderValues.CONNECTION_CLOSE);
      }
      response.header(REQUEST_ID, requestId);
      send(answer, request.prologue().method().text().equals("HEAD"), response);
      if (!finished) {
        body.linger();
      }
      if (closes) {
        // Helidon 4.5 says that it will close and then waits for the client to do it.
        throw new CloseConnectionException("The answer was the last on this connection");
      }
    } finally {
      MDC.remove(LOGGED_ID);
    }
  }

  private boolean isLast(ServerRequest request) {
    return farewell.isBegun() || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
  }

  private static void send(Answer answer, boolean withoutBody, ServerResponse response) {
    response.status(Status.create(answer.status()));
    for (Header header : answer.headers()) {
      response.header(HeaderNames.create(header.name()), header.value());
    }
    if (!answer.contentType().isEmpty()) {
      response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
    }
    if (withoutBody) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(answer.body().length));
      response.send();
    } else if (answer.body().length == 0) {
      response.send();
    } else {
      response.send(answer.body());
    }
  }
}
