package dev.posthorn.egress;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of one request. */
public sealed interface Exchange {

  /** How long it took. */
  Timings timings();

  /**
   * A whole response came, or as much of one as is read.
   *
   * @param status 200–599; redirects are answers and are not followed
   * @param response what was kept of it
   * @param retryAfterLines the raw values of its {@code Retry-After} headers
   */
  record Answered(
      int status, ResponseCapture response, List<String> retryAfterLines, Timings timings)
      implements Exchange {

    /** Whether the receiver took the request: any 2xx. */
    public boolean isSuccess() {
      return status / 100 == 2;
    }

    /** How long the receiver asks to be left alone; empty if it says nothing that can be read. */
    public Optional<Duration> retryAfter(Instant now) {
      return RetryAfter.longest(retryAfterLines, now);
    }
  }

  /**
   * No usable response came.
   *
   * @param message one sentence without any text of the receiver's
   * @param requestWritten whether the receiver may have seen the request, or a part of it
   */
  record Failed(FailureClass failure, String message, boolean requestWritten, Timings timings)
      implements Exchange {}

  /** The gate was shut: nothing was written. */
  record Withheld(Timings timings) implements Exchange {}
}
