package dev.posthorn.event;

import dev.posthorn.db.IdText;
import dev.posthorn.http.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON, by hand: payloads go in byte for byte as they are stored, and publishing
 * pays for no tree. Nothing else in an event has a character that JSON would escape.
 */
final class EventJson {
  private static final String EVENT_PREFIX = "evt_";
  private static final String DELIVERY_PREFIX = "dlv_";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private EventJson() {}

  static String id(NewEvent event) {
    return IdText.of(EVENT_PREFIX, event.id());
  }

  static Optional<UUID> parseId(String text) {
    return IdText.parse(EVENT_PREFIX, text);
  }

  /** The answer to a publish: one object, or a list in the order of the request. */
  static byte[] published(List<PublishedEvent> events, boolean isSingle) {
    StringBuilder json = new StringBuilder(32 + 128 * events.size());
    json.append(isSingle ? "{\"event\":" : "{\"events\":[");
    String separator = "";
    for (PublishedEvent one : events) {
      json.append(separator).append("{\"id\":\"").append(id(one.event()));
      json.append("\",\"type\":\"").append(one.event().type());
      json.append("\",\"created_at\":\"").append(Json.time(one.event().createdAt()));
      json.append("\",\"deliveries\":").append(one.webhookIds().size()).append('}');
      separator = ",";
    }
    return json.append(isSingle ? "}" : "]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] list(List<NewEvent> events) {
    EventJson json = new EventJson();
    json.text("{\"events\":[");
    String separator = "";
    for (NewEvent event : events) {
      json.text(separator).event(event).text("}");
      separator = ",";
    }
    return json.text("]}").out.toByteArray();
  }

  static byte[] one(NewEvent event, List<EventHistory.EventDelivery> deliveries) {
    EventJson json = new EventJson();
    json.text("{\"event\":").event(event).text(",\"deliveries\":[");
    String separator = "";
    for (EventHistory.EventDelivery delivery : deliveries) {
      json.text(separator).delivery(event, delivery);
      separator = ",";
    }
    return json.text("]}}").out.toByteArray();
  }

  /** Without its closing brace. */
  private EventJson event(NewEvent event) {
    text("{\"id\":\"" + id(event) + "\",\"type\":\"" + event.type() + '"');
    text(",\"record_id\":" + event.recordId());
    text(",\"created_at\":" + time(event.createdAt()) + ",\"payload\":");
    out.writeBytes(event.payload());
    return this;
  }

  private void delivery(NewEvent event, EventHistory.EventDelivery delivery) {
    String id = IdText.of(DELIVERY_PREFIX, event.id(), delivery.webhookId());
    text("{\"id\":\"" + id + "\",\"webhook_id\":\"" + delivery.webhookId() + '"');
    text(",\"state\":\"" + delivery.state() + "\",\"attempts\":" + delivery.attempts());
    text(",\"due_at\":" + time(delivery.dueAt()));
    text(",\"settled_at\":" + time(delivery.settledAt()) + '}');
  }

  private EventJson text(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "null" : '"' + Json.time(time) + '"';
  }
}
