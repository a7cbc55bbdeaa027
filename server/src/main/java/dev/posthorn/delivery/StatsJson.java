package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.http.Json;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Counts as the API shows them. */
final class StatsJson {
  private StatsJson() {}

  /**
   * How much of its rate limit a webhook uses.
   *
   * @param limit requests in any 60 s
   * @param share 0 to 1, of the last minutes; a little more when the limit was just lowered
   */
  record RateUse(int limit, double share) {}

  static ObjectNode of(
      WebhookStats.Range range,
      List<WebhookStats.Counts> series,
      WebhookStats.Backlog backlog,
      RateUse use) {
    WebhookStats.Counts all = WebhookStats.Counts.sum(range.since(), series);
    ObjectNode json = Json.object();
    json.put("since", Json.time(range.since()));
    json.put("until", Json.time(range.until()));
    json.set("attempts", attempts(all));
    json.set("deliveries", deliveries(all));
    json.set("latency_ms", latency(all));
    json.set("backlog", backlog(backlog));
    json.putObject("rate_limit").put("limit", use.limit()).put("used_share", use.share());
    json.put("step", range.step().name().toLowerCase(Locale.ROOT));
    ArrayNode points = json.putArray("series");
    series.forEach(counts -> points.add(point(counts)));
    return json;
  }

  private static ObjectNode attempts(WebhookStats.Counts counts) {
    long all = counts.attempts();
    ObjectNode json = Json.object();
    json.put("total", all);
    json.put("succeeded", counts.succeeded());
    json.put("failed", all - counts.succeeded());
    json.put("success_share", all == 0 ? null : (Double) ((double) counts.succeeded() / all));
    ObjectNode status = json.putObject("by_status");
    for (int digit = 2; digit <= 5; digit++) {
      status.put(digit + "xx", counts.answered()[digit]);
    }
    status.put("none", counts.answered()[0]);
    return json;
  }

  private static ObjectNode deliveries(WebhookStats.Counts counts) {
    return Json.object().put("succeeded", counts.delivered()).put("failed", counts.givenUp());
  }

  private static ObjectNode latency(WebhookStats.Counts counts) {
    ObjectNode json = Json.object();
    json.put("p50", percentile(counts, 0.5));
    json.put("p95", percentile(counts, 0.95));
    json.put("p99", percentile(counts, 0.99));
    return json;
  }

  private static @Nullable Double percentile(WebhookStats.Counts counts, double share) {
    OptionalDouble found = LatencyScale.percentile(counts.latency(), share);
    return found.isPresent() ? Math.round(found.getAsDouble() * 10) / 10.0 : null;
  }

  private static ObjectNode backlog(WebhookStats.Backlog backlog) {
    boolean more = backlog.count() == WebhookStats.MOST_COUNTED;
    ObjectNode json = Json.object();
    json.put("count", backlog.count());
    json.put("text", String.format(Locale.ROOT, "%,d", backlog.count()) + (more ? "+" : ""));
    json.put(
        "oldest_at",
        backlog.oldest().map(id -> Json.time(TimeOrderedIds.momentOf(id))).orElse(null));
    return json;
  }

  private static ObjectNode point(WebhookStats.Counts counts) {
    ObjectNode json = Json.object();
    json.put("at", Json.time(counts.at()));
    json.set("attempts", attempts(counts));
    json.set("deliveries", deliveries(counts));
    json.set("latency_ms", latency(counts));
    return json;
  }
}
