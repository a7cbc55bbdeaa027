package dev.posthorn.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The bytes of requests: made once for each key, with room for the time in every payload.
 *
 * <p>A payload is {@code {"t":"<19 digits>","pad":"…"}}, 128 bytes; the digits are the nanoseconds
 * of the machine's monotonic clock at which the request was to be sent.
 */
public final class Requests {
  static final int DIGITS = 19; // as many as a long has
  private static final String NO_TIME = "0".repeat(DIGITS);
  private static final String PAYLOAD =
      "{\"t\":\"" + NO_TIME + "\",\"pad\":\"" + "x".repeat(92) + "\"}";

  /** The payload of every event, without its time. */
  public static byte[] payload() {
    return PAYLOAD.getBytes(US_ASCII);
  }

  private final byte[][] templates;
  private final int[] timesAt;
  private final double[] cumulativeShares;
  private final Random random = new Random(42);
  private int turn;

  Requests(LoadPlan plan, String host) {
    byte[] body = body(plan.kind()).getBytes(US_ASCII);
    this.templates =
        plan.keys().stream()
            .map(key -> request(plan.kind(), host, key, body))
            .toArray(byte[][]::new);
    this.timesAt = timesAt(templates[0]);
    this.cumulativeShares = shares(plan.keys().size(), plan.zipf());
  }

  static String body(LoadPlan.Kind kind) {
    String event = "{\"type\":\"bench.happened\",\"payload\":" + PAYLOAD + "}";
    return switch (kind) {
      case EVENT -> "{\"event\":" + event + "}";
      case BATCH -> "{\"events\":[" + (event + ",").repeat(kind.events() - 1) + event + "]}";
      case OPPORTUNITY ->
          "{\"opportunity\":{\"name\":\"Riverside warehouse\",\"status\":\"active\",\"probability\":0.4,"
              + "\"amount\":\"1250000.00\",\"currency\":\"USD\",\"bid_due_date\":\"2026-03-01\"}}";
    };
  }

  private static byte[] request(LoadPlan.Kind kind, String host, String key, byte[] body) {
    String path = kind == LoadPlan.Kind.OPPORTUNITY ? "/opportunities" : "/events";
    byte[] head =
        ("POST /api/2023-01"
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nAuthorization: Bearer "
                + key
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  private static int[] timesAt(byte[] template) {
    String text = new String(template, US_ASCII);
    return Pattern.compile(NO_TIME).matcher(text).results().mapToInt(MatchResult::start).toArray();
  }

  private static double[] shares(int keys, double exponent) {
    double[] cumulative = new double[keys];
    double sum = 0;
    for (int rank = 0; rank < keys; rank++) {
      sum += 1 / Math.pow(rank + 1, exponent);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < keys; rank++) {
      cumulative[rank] /= sum;
    }
    return exponent == 0 ? new double[0] : cumulative;
  }

  /** The next request, to be sent at this moment. */
  ByteBuffer next(long nanos) {
    byte[] request = templates[key()];
    for (int at : timesAt) {
      writeDigits(request, at, nanos);
    }
    return ByteBuffer.wrap(request);
  }

  private int key() {
    if (cumulativeShares.length == 0) {
      turn = turn + 1 == templates.length ? 0 : turn + 1;
      return turn;
    }
    int at = Arrays.binarySearch(cumulativeShares, random.nextDouble());
    return Math.min(templates.length - 1, at < 0 ? -at - 1 : at);
  }

  private static void writeDigits(byte[] target, int at, long value) {
    long left = value;
    for (int digit = DIGITS - 1; digit >= 0; digit--) {
      target[at + digit] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
