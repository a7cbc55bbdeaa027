package dev.posthorn.telemetry;

import dev.posthorn.http.Answer;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /health/live}: the process answers. {@code GET /health/ready}: it can do its work; 503
 * and the reason when it cannot, so that a load balancer sends requests elsewhere.
 */
public final class HealthRoutes implements Routes {
  private final Supplier<Readiness> readiness;

  public HealthRoutes(Supplier<Readiness> readiness) {
    this.readiness = readiness;
  }

  /** Whether this process can do its work now. */
  public sealed interface Readiness {
    record Ready() implements Readiness {}

    /**
     * It cannot.
     *
     * @param reason a few plain words, without quotes or backslashes
     */
    record NotReady(String reason) implements Readiness {}
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/health/live", call -> answer(200, "{\"status\":\"live\"}")),
        Route.open("GET", "/health/ready", call -> ready()));
  }

  private Answer ready() {
    return switch (readiness.get()) {
      case Readiness.Ready() -> answer(200, "{\"status\":\"ready\"}");
      case Readiness.NotReady(String reason) ->
          answer(503, "{\"status\":\"not_ready\",\"reason\":\"" + reason + "\"}");
    };
  }

  private static Answer answer(int status, String json) {
    return Answer.json(status, json.getBytes(StandardCharsets.UTF_8))
        .with("Cache-Control", "no-store");
  }
}
