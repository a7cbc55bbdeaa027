package dev.posthorn.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import dev.posthorn.event.NewEvent;
import dev.posthorn.event.PublishedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Settles deliveries as the recorder does, without anything having been sent. */
public final class BareSettle {
  private static final byte[] HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n".getBytes(US_ASCII);

  private final TimeOrderedIds ids;

  public BareSettle(TimeOrderedIds ids) {
    this.ids = ids;
  }

  /** Writes a successful attempt of every delivery of these events. */
  public void settle(Handle transaction, List<PublishedEvent> events, Instant now) {
    List<Recorder.Entry> entries =
        events.stream()
            .flatMap(published ->
                published.webhookIds().stream()
                    .map(webhook -> succeeded(published.event(), webhook, now)))
            .map(outcome -> new Recorder.Entry(outcome, outcomes -> {}))
            .toList();
    new Recorder.Batch(() -> now).write(transaction, entries);
  }

  private Outcome succeeded(NewEvent event, long webhookId, Instant now) {
    Duration total = Duration.ofNanos(812_345);
    Exchange exchange =
        new Exchange.Answered(
            200,
            new ResponseCapture(HEAD, new byte[0], false, false),
            List.of(),
            new Timings(null, null, null, Duration.ofNanos(798_765), total, 0));
    return new Outcome(
        new LaneKey(event.accountId(), webhookId, new UUID(0, webhookId)),
        Delivery.fresh(event.id(), event.type(), event.payload(), event.createdAt()),
        new Attempt(ids.next(), 1, now, now.plus(RateWindow.HOLD), 1, Optional.of(exchange)),
        new Verdict.Succeeded(),
        Optional.empty(),
        FailureRun.Change.NONE,
        new FailureRun(Duration.ofDays(5), FailureRun.State.NO_FAILURE));
  }
}
