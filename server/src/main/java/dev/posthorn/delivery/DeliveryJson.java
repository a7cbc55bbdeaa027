package dev.posthorn.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.db.IdText;
import dev.posthorn.http.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deliveries and attempts as the API shows them. */
final class DeliveryJson {
  private static final String DELIVERY_PREFIX = "dlv_";
  private static final String EVENT_PREFIX = "evt_";
  private static final String ATTEMPT_PREFIX = "att_";

  private DeliveryJson() {}

  /** What the public id of a delivery is made of. */
  record Id(UUID event, UUID webhook) {}

  static Optional<Id> parseId(String text) {
    return IdText.parse(DELIVERY_PREFIX, text, 2).map(ids -> new Id(ids[0], ids[1]));
  }

  static ObjectNode delivery(StoredDelivery delivery, ReceivingWebhook webhook, Instant now) {
    ObjectNode json = Json.object();
    json.put("id", IdText.of(DELIVERY_PREFIX, delivery.eventId(), webhook.publicId()));
    json.put("webhook_id", webhook.publicId().toString());
    json.put("event_id", IdText.of(EVENT_PREFIX, delivery.eventId()));
    json.put("event_type", delivery.eventType());
    json.put("state", delivery.state());
    json.put("attempts", delivery.attempts());
    json.put("last_status", delivery.status());
    json.put("created_at", Json.time(delivery.createdAt()));
    json.put("due_at", delivery.isPending() ? Json.time(delivery.dueAt()) : null);
    json.put("settled_at", time(delivery.settledAt()));
    json.put("maybe_sent_at", time(delivery.maybeSentAt(webhook.takeovers()).orElse(null)));
    Optional<NextStep.Planned> next = NextStep.of(delivery, webhook, now);
    json.set("next", next.<ObjectNode>map(DeliveryJson::next).orElse(null));
    return json;
  }

  private static ObjectNode next(NextStep.Planned planned) {
    ObjectNode json = Json.object();
    json.put("step", planned.step().name().toLowerCase(Locale.ROOT));
    json.put("at", time(planned.at().orElse(null)));
    json.put("message", planned.step().sentence());
    return json;
  }

  static ObjectNode attempt(StoredAttempt attempt) {
    ObjectNode json = Json.object();
    json.put("id", IdText.of(ATTEMPT_PREFIX, attempt.id()));
    json.put("number", attempt.number());
    json.put("started_at", Json.time(attempt.startedAt()));
    json.put("outcome", attempt.outcome());
    json.put("error", attempt.failure());
    json.put("message", attempt.message());
    StoredAttempt.Response response = attempt.response();
    json.put("status", response == null ? null : response.status());
    json.set("duration_ms", durations(attempt.times()));
    json.set("response", response == null ? null : ResponseJson.of(response));
    json.put("next_attempt_at", time(attempt.nextAt()));
    json.put("maybe_sent_at", time(attempt.maybeSentAt()));
    return json;
  }

  private static ObjectNode durations(StoredAttempt.Times times) {
    ObjectNode json = Json.object();
    json.put("dns", millis(times.dns()));
    json.put("connect", millis(times.connect()));
    json.put("tls", millis(times.tls()));
    json.put("first_byte", millis(times.firstByte()));
    json.put("total", millis(times.total()));
    return json;
  }

  private static @Nullable Double millis(@Nullable Integer micros) {
    return micros == null ? null : micros / 1_000.0;
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : Json.time(time);
  }
}
