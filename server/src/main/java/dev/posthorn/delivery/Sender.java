package dev.posthorn.delivery;

import dev.posthorn.db.IdText;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.GuardedHttpClient;
import dev.posthorn.egress.Header;
import dev.posthorn.egress.OutboundRequest;
import dev.posthorn.egress.TargetUrl;
import dev.posthorn.egress.WriteGate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Makes the request of one attempt, signs it for this moment, and sends it. */
final class Sender {
  /** The prefix of an event's id, which is also the {@code webhook-id} of its deliveries. */
  static final String EVENT_ID_PREFIX = "evt_";

  private static final Header CONTENT_TYPE = new Header("content-type", "application/json");

  /** Marks what was made by hand to try a webhook out. */
  private static final Header TEST = new Header("webhook-test", "true");

  private final GuardedHttpClient client;
  private final InstantSource wallClock;
  private final Header userAgent;

  /**
   * @param wallClock receivers compare the signed timestamp with their own clock
   */
  Sender(GuardedHttpClient client, InstantSource wallClock, String version) {
    this.client = client;
    this.wallClock = wallClock;
    this.userAgent = new Header("user-agent", "Posthorn/" + version);
  }

  Exchange send(LaneTarget target, TargetUrl url, Delivery delivery, WriteGate gate) {
    String id = IdText.of(EVENT_ID_PREFIX, delivery.eventId());
    long seconds = wallClock.instant().getEpochSecond();
    String timestamp = Long.toString(seconds);
    String signature = target.signer().sign(id, seconds, delivery.payload());
    List<Header> headers = new ArrayList<>(10 + target.headers().size());
    headers.add(CONTENT_TYPE);
    headers.add(userAgent);
    headers.add(new Header("webhook-id", id));
    headers.add(new Header("webhook-timestamp", timestamp));
    headers.add(new Header("webhook-signature", signature));
    headers.add(new Header("svix-id", id));
    headers.add(new Header("svix-timestamp", timestamp));
    headers.add(new Header("svix-signature", signature));
    headers.add(new Header("webhook-event-type", delivery.eventType()));
    headers.add(new Header("webhook-attempt", Integer.toString(delivery.attempts() + 1)));
    if (delivery.test()) {
      headers.add(TEST);
    }
    headers.addAll(target.headers());
    return client.post(new OutboundRequest(url, headers, delivery.payload()), gate);
  }
}
