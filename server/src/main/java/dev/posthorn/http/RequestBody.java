package dev.posthorn.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, read at most once and bounded in size and in time. Used by the request's
 * own thread only.
 */
final class RequestBody {

  /** Larger ones are refused with 413. */
  static final int LARGEST = 1 << 20;

  /**
   * How much of a refused body is still taken in, so that a client that is busy sending gets to
   * read the answer instead of a reset.
   */
  static final int LARGEST_DISCARDED = 4 * LARGEST;

  private static final int FIRST_BUFFER = 16 * 1024;
  private static final byte[] NONE = {};

  private final ServerRequest request;
  private final ReadWatch watch;
  private final LongSupplier nanos;
  private final Duration limit;
  private final long deadline;
  private @Nullable InputStream stream;
  private byte @Nullable [] bytes;
  // Whether more of it could be read: not after broken framing, nor once it was too slow.
  private boolean isBroken;

  /**
   * @param watch cuts a body that stops arriving
   * @param nanos a steady clock, in nanoseconds
   * @param limit how long the whole body may take from now
   */
  RequestBody(ServerRequest request, ReadWatch watch, LongSupplier nanos, Duration limit) {
    this.request = request;
    this.watch = watch;
    this.nanos = nanos;
    this.limit = limit;
    this.deadline = nanos.getAsLong() + limit.toNanos();
  }

  /** All of it; empty when there is none. The same array every time. */
  byte[] bytes() {
    if (bytes == null) {
      bytes = request.content().hasEntity() ? read(LARGEST) : NONE;
    }
    return bytes;
  }

  /**
   * Takes in what the handler left, so that the connection can be used again.
   *
   * @return false when it cannot: there is too much, it comes too slowly, or the client waits for
   *     the word to begin
   */
  boolean finish() {
    if (!request.content().hasEntity() || request.content().consumed()) {
      return true;
    }
    if (isBroken
        || request.headers().containsToken(HeaderValues.EXPECT_100)
        || declared() > LARGEST) {
      return false;
    }
    return discard(LARGEST);
  }

  /** Takes in a last bit before the connection is closed, after the answer has been sent. */
  void linger() {
    if (!isBroken && !request.headers().containsToken(HeaderValues.EXPECT_100)) {
      discard(LARGEST_DISCARDED);
    }
  }

  private boolean discard(int most) {
    try {
      read(most);
      return true;
    } catch (ProblemException | CloseConnectionException tooMuchOrGone) {
      return false;
    }
  }

  private byte[] read(int most) {
    if (declared() > most) {
      throw tooLarge();
    }
    watch.begin();
    try {
      return read(opened(), most);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RequestException e) {
      isBroken = true;
      throw refused(e);
    } catch (HttpException e) {
      throw tooLarge();
    } finally {
      watch.end();
    }
  }

  private byte[] read(InputStream in, int most) throws IOException {
    // Room for the end too when the length is told, yet nothing large for a promise alone.
    byte[] all = new byte[Math.clamp(declared() + 1, 512, FIRST_BUFFER)];
    int size = 0;
    for (int read = 0; read >= 0; size += Math.max(read, 0)) {
      if (size > most) {
        throw tooLarge();
      }
      if (nanos.getAsLong() - deadline > 0) {
        isBroken = true;
        throw tooSlow();
      }
      if (size == all.length) {
        all = Arrays.copyOf(all, size * 2);
      }
      read = in.read(all, size, all.length - size);
    }
    return size == all.length ? all : Arrays.copyOf(all, size);
  }

  /**
   * Opened once, for each stream buffers for itself; never closed, for that reads without bound.
   */
  private InputStream opened() {
    if (stream == null) {
      stream = request.content().inputStream();
    }
    return stream;
  }

  private long declared() {
    return request.headers().first(HeaderNames.CONTENT_LENGTH).map(Long::parseLong).orElse(-1L);
  }

  private static ProblemException refused(RequestException e) {
    int status = e.status().code();
    return status == 413
        ? tooLarge()
        : Problem.of(ProblemType.ofStatus(status), "The body's framing is not valid.").exception();
  }

  private static ProblemException tooLarge() {
    return Problem.of(
            ProblemType.PAYLOAD_TOO_LARGE, "A body may have at most " + LARGEST + " bytes.")
        .exception();
  }

  private ProblemException tooSlow() {
    return Problem.of(ProblemType.REQUEST_TIMEOUT, "The body did not arrive within " + limit + ".")
        .exception();
  }
}
