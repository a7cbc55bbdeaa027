package dev.posthorn.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/**
 * Problems for what the web server refuses before there is a request to route: a broken request
 * line, header fields that are too large, framing that two readers could see differently.
 */
final class TransportProblems implements DirectHandler {
  private final RequestIds requestIds;

  TransportProblems(RequestIds requestIds) {
    this.requestIds = requestIds;
  }

  DirectHandlers forEveryEvent() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      handlers.addHandler(event, this);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // Without a request, our handlers have not been asked: it was the request's text that failed.
    boolean isUnread = event == EventType.INTERNAL_ERROR && request.path().isEmpty();
    ProblemType type = isUnread ? ProblemType.BAD_REQUEST : ProblemType.ofStatus(status.code());
    // The server's own message may repeat what was sent, so it is not handed on.
    Problem problem = Problem.of(type, type.title());
    Answer answer = problem.answer(Shown.name(request.path()));
    String sentId = request.headers().first(HeaderNames.create("X-Request-Id")).orElse(null);
    return TransportResponse.builder()
        .status(Status.create(answer.status()))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, answer.contentType())
        .header(HeaderNames.create("X-Request-Id"), requestIds.of(sentId))
        .keepAlive(false)
        .entity(answer.body())
        .build();
  }
}
