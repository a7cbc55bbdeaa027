package dev.posthorn;

import dev.posthorn.http.Answer;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import java.util.List;

/** {@code GET /}: says what this is and where to go on. */
final class FrontRoutes implements Routes {
  private final Answer front;

  FrontRoutes(String version) {
    this.front =
        Answer.text(
            "text/plain; charset=utf-8",
            """
            Posthorn %s

            The API           /api/2023-01
            Its description   /openapi.yaml, /openapi.json
            Health            /health/live, /health/ready

            There are no pages to sign in to yet: accounts and keys are made with ./posthorn account create.
            """
                .formatted(version));
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.open("GET", "/", call -> front));
  }
}
