package dev.posthorn.crash;

import java.time.Instant;
import java.util.List;

/** All that is known of a run, from outside and from inside. */
record Evidence(
    List<Publication> publications,
    List<Subscription> subscriptions,
    StoredLog stored,
    ShownLog shown,
    Moment moment) {
  /** One moment on two clocks, the second one being {@link System#nanoTime}. */
  record Moment(Instant instant, long nanos) {
    static Moment now() {
      return new Moment(Instant.now(), System.nanoTime());
    }
  }

  /** The time of day at a moment of {@link System#nanoTime}. */
  Instant at(long nanos) {
    return moment.instant().plusNanos(nanos - moment.nanos());
  }

  long requests() {
    return subscriptions.stream().mapToLong(one -> one.requests().size()).sum();
  }

  /** Requests for events that the same webhook had seen before. */
  long repeated() {
    return subscriptions.stream()
        .mapToLong(one ->
            one.requests().size()
                - one.requests().stream().map(Request::webhookId).distinct().count())
        .sum();
  }

  long count(Publication.Fate fate) {
    return publications.stream().filter(one -> one.fate() == fate).count();
  }
}
