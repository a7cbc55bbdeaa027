package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ApiLimitTest {
  private final AtomicLong nanos = new AtomicLong();
  private final ApiLimit limit = new ApiLimit(3, Duration.ofSeconds(10), nanos::get);

  @AutoClose
  private final ApiServer server =
      TestServer.start(limit, HttpSettings.Limits.DEFAULT, new ThingRoutes());

  @Test
  void saysHowMuchIsLeftAndRefusesWhatIsOver() {
    assertThat(get("/things/7", TestServer.FULL))
        .startsWith("HTTP/1.1 200 ")
        .contains("RateLimit-Policy: \"default\";q=3;w=10\r\n")
        .contains("RateLimit: \"default\";r=2;t=10\r\n");
    nanos.addAndGet(Duration.ofMillis(2500).toNanos());
    get("/things/0", TestServer.FULL);
    assertThat(get("/things?x=1", TestServer.FULL)).startsWith("HTTP/1.1 422 ").contains("r=0;t=8");

    String refused = get("/things/7", TestServer.FULL);

    assertThat(refused)
        .startsWith("HTTP/1.1 429 ")
        .contains("\"rate_limit_exceeded\"", "Retry-After: 8\r\n", "X-Rate-Limited-For: 8\r\n");
    assertThat(get("/things/7", TestServer.READER)).as("another key").startsWith("HTTP/1.1 200 ");
    nanos.addAndGet(Duration.ofMillis(7500).toNanos());
    assertThat(get("/things/7", TestServer.FULL)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void doesNotCountWhatIsPublished() {
    String request = head("POST", "/raw", TestServer.FULL) + "Content-Type: application/json\r\n";
    for (int i = 0; i < 10; i++) {
      assertThat(RawConnection.exchange(server.port(), request + "Content-Length: 2\r\n\r\n{}"))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContain("RateLimit");
    }
  }

  @Test
  void forgetsKeysThatHaveGoneQuiet() {
    for (long key = 0; key < 5000; key++) {
      limit.take(key);
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
    }

    assertThat(limit.remembered()).isLessThanOrEqualTo(1025);
  }

  private String get(String path, String key) {
    return RawConnection.exchange(server.port(), head("GET", path, key) + "\r\n");
  }

  private static String head(String method, String path, String key) {
    return method
        + " /api/2023-01"
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + "Authorization: "
        + key
        + "\r\n";
  }
}
