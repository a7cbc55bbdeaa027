package dev.posthorn.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one request: route, then caller, then limit, then scope, then the feature's handler.
 * Whatever happens, there is an answer.
 */
final class Edge {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  private final Router router;
  private final Credentials credentials;
  private final ApiLimit limit;
  private final Predicate<Throwable> isOutage;
  private final String publicUrl;

  /**
   * @param isOutage whether a failure means that something we need is away for the moment
   * @param publicUrl without a slash at its end
   */
  Edge(
      Router router,
      Credentials credentials,
      ApiLimit limit,
      Predicate<Throwable> isOutage,
      String publicUrl) {
    this.router = router;
    this.credentials = credentials;
    this.limit = limit;
    this.isOutage = isOutage;
    this.publicUrl = publicUrl;
  }

  Answer answer(ServerRequest request, RequestBody body, String requestId) {
    String path = request.prologue().uriPath().rawPath();
    try {
      return conditional(request.headers(), routed(request, body, requestId));
    } catch (ProblemException e) {
      return e.problem().answer(path);
    } catch (CloseConnectionException e) {
      throw e; // the client is gone, nobody reads an answer
    } catch (RuntimeException | StackOverflowError e) {
      return failed(request.prologue().method().text(), path, e).answer(path);
    }
  }

  private Answer routed(ServerRequest request, RequestBody body, String requestId) {
    String method = request.prologue().method().text();
    return switch (router.match(method, request.prologue().uriPath().rawPath())) {
      case Router.NoSuchPath() -> throw Problem.notFound().exception();
      case Router.WrongMethod(String allow) -> throw wrongMethod(method, allow);
      case Router.Found found -> found(request, body, requestId, found);
    };
  }

  private Answer found(
      ServerRequest request, RequestBody body, String requestId, Router.Found found) {
    Route route = found.route();
    Call.Origin origin = new Call.Origin(requestId, publicUrl);
    Optional<Scope> scope = route.neededScope();
    if (scope.isEmpty()) {
      return handle(route, new Call(request, body, found, origin, null));
    }
    Caller caller = credentials.caller(request.headers());
    Call call = new Call(request, body, found, origin, caller);
    return route.counted() && !limit.isOff()
        ? limited(route, scope.get(), call)
        : allowed(route, scope.get(), call);
  }

  private Answer limited(Route route, Scope scope, Call call) {
    ApiLimit.Verdict verdict = limit.take(call.caller().keyId());
    Answer answer;
    try {
      answer =
          verdict.allowed()
              ? allowed(route, scope, call)
              : limit.exceeded(verdict).answer(call.path());
    } catch (ProblemException e) {
      answer = e.problem().answer(call.path());
    }
    return answer
        .with("RateLimit-Policy", limit.policyHeader())
        .with("RateLimit", ApiLimit.stateHeader(verdict));
  }

  private Answer allowed(Route route, Scope scope, Call call) {
    if (!call.caller().scopes().contains(scope)) {
      throw Problem.of(
              ProblemType.INSUFFICIENT_SCOPE, "The API key lacks the scope " + scope.text() + ".")
          .with(
              "WWW-Authenticate",
              "Bearer error=\"insufficient_scope\", scope=\"" + scope.text() + '"')
          .exception();
    }
    return handle(route, call);
  }

  private static Answer handle(Route route, Call call) {
    if (!route.readsQuery() && !call.rawQuery().isEmpty()) {
      call.query().throwIfFaulty();
    }
    return route.handler().handle(call);
  }

  /** A client that has what it would get is told so (RFC 9110, section 13.1.2). */
  private static Answer conditional(ServerRequestHeaders headers, Answer answer) {
    if (answer.status() != 200 || !headers.contains(HeaderNames.IF_NONE_MATCH)) {
      return answer;
    }
    String sent = String.join(",", headers.values(HeaderNames.IF_NONE_MATCH));
    return answer.header("ETag").filter(tag -> ETag.anyOf(sent, tag)).isPresent()
        ? answer.notModified()
        : answer;
  }

  private static ProblemException wrongMethod(String method, String allow) {
    return Problem.of(
            ProblemType.METHOD_NOT_ALLOWED, Shown.value(method) + " is not one of " + allow + ".")
        .with("Allow", allow)
        .exception();
  }

  private Problem failed(String method, String path, Throwable e) {
    if (isOutage(e)) {
      LOG.warn("{} {} found something away that it needs", method, Shown.name(path), e);
      return Problem.of(ProblemType.UNAVAILABLE, "Something we need is away. Please try again.")
          .with("Retry-After", "1");
    }
    LOG.error("{} {} failed", method, Shown.name(path), e);
    return Problem.of(
        ProblemType.INTERNAL_ERROR, "The request failed. X-Request-Id finds it in our log.");
  }

  private boolean isOutage(Throwable e) {
    @Nullable Throwable cause = e;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (isOutage.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
