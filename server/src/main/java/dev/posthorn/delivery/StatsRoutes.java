package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.Database;
import dev.posthorn.http.Answer;
import dev.posthorn.http.Call;
import dev.posthorn.http.Problem;
import dev.posthorn.http.Query;
import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import dev.posthorn.http.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** How a webhook is doing, over the API. */
public final class StatsRoutes implements Routes {
  private static final Duration USUAL_RANGE = Duration.ofDays(1);
  private static final Duration LONGEST_RANGE = Duration.ofDays(100);
  private static final int MINUTES_OF_USE = 5;

  private final Database database;
  private final InstantSource clock;

  /**
   * @param clock the engine's
   */
  public StatsRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/webhooks/{id}/stats", Scope.WEBHOOKS_READ, this::stats).withQuery());
  }

  private Answer stats(Call call) {
    Instant now = clock.instant();
    Query query = call.query();
    Instant until = query.instant("until").orElse(now);
    Instant since = query.instant("since").orElseGet(() -> until.minus(USUAL_RANGE));
    if (!since.isBefore(until)) {
      query.refuse("since", "out_of_range", "before until");
    } else if (since.isBefore(until.minus(LONGEST_RANGE))) {
      query.refuse("since", "out_of_range", "at most 100 days before until");
    }
    ObjectNode stats =
        database.withHandle(handle -> {
          ReceivingWebhook webhook =
              ReceivingWebhook.find(handle, call.accountId(), call.pathUuid("id"), now)
                  .filter(found -> !found.deleted())
                  .orElseThrow(() -> Problem.notFound().exception());
          query.throwIfFaulty();
          LaneKey lane = new LaneKey(call.accountId(), webhook.id(), webhook.publicId());
          WebhookStats.Range range = WebhookStats.Range.of(since, until, now);
          return StatsJson.of(
              range,
              WebhookStats.series(handle, lane, range),
              WebhookStats.backlog(handle, lane),
              new StatsJson.RateUse(webhook.rateLimit(), used(handle, lane, webhook, now)));
        });
    return Answer.object("stats", stats);
  }

  /** The share of the rate limit that the last full minutes used. */
  private static double used(Handle handle, LaneKey lane, ReceivingWebhook webhook, Instant now) {
    Instant until = now.truncatedTo(ChronoUnit.MINUTES);
    Instant since = until.minus(MINUTES_OF_USE, ChronoUnit.MINUTES);
    long attempts = WebhookStats.attempts(handle, lane, since, until);
    return (double) attempts / webhook.rateLimit() / MINUTES_OF_USE;
  }
}
