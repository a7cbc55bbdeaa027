package dev.posthorn.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One request as a receiver saw it.
 *
 * @param arrivedNanos when its first byte was read, on {@link System#nanoTime}
 * @param webhookId the header {@code webhook-id}
 * @param attempt the header {@code webhook-attempt}
 * @param key the event that its body and type tell of, as {@link Publication#key} names it
 * @param verified whether the official library accepted its signature
 * @param status that was answered, {@link Manner.Reaction#DROPPED} for none
 */
record Request(
    long arrivedNanos, String webhookId, int attempt, String key, boolean verified, int status) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Events of our own types carry a number, those of records the record's id. */
  static String key(String eventType, String body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json.has("number")
          ? Publication.numbered(json.path("number").asLong())
          : Publication.ofRecord(eventType, json.path("id").asLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
