package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.delivery.RecordingReceiver.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An error, such as a class that cannot be loaded, costs a lane nothing for good. */
final class LaneErrorsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A rate limit whose lane has one request under way at most. */
  private static final int ONE_IN_FLIGHT = 20;

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();
  private final AtomicInteger readings = new AtomicInteger();

  @Test
  void oneWhileSendingIsAFailureWithinPosthornThatIsRetried() {
    fixture.wall = () -> readWallClock(1, "dev.posthorn.delivery.Sender");
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    fixture.publish(2);

    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 2);
    await().atMost(SOON).until(() -> engine.inFlight() == 0);
    assertThat(
            fixture.one(
                String.class,
                "SELECT string_agg(outcome || ' ' || coalesce(failure, ''), ', ' ORDER BY id) FROM attempt"))
        .startsWith("failed internal_error");
  }

  @Test
  void oneWhileAnAnswerIsJudgedFreesThePlaceOfItsDelivery() {
    fixture.wall = () -> readWallClock(1, "dev.posthorn.delivery.Judge");
    receiver.answer(request ->
        readings.get() == 0
            ? new Answer(429, List.of("Retry-After", "1"))
            : new Answer(200, List.of()));
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    fixture.publish(2);

    DeliveryEngine engine = fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    await().atMost(SOON).until(() -> engine.inFlight() == 0);
    assertThat(fixture.count(webhook, "pending")).isEqualTo(1);
  }

  @Test
  void oneWhileDeliveriesAreReadDoesNotEndTheReading() {
    long webhook = fixture.webhook(receiver.url("/hook"), ONE_IN_FLIGHT);
    fixture.publish(1);
    fixture.ticker =
        () -> {
          failOnce(2, frame -> isLaneFetch(frame)); // the first is before it reads
          return System.nanoTime();
        };

    fixture.start(QuickSettings.retries(9));

    await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    assertThat(readings.get()).isGreaterThan(2);
  }

  private java.time.Instant readWallClock(int failing, String caller) {
    failOnce(failing, frame -> frame.getClassName().equals(caller));
    return InstantSource.system().instant();
  }

  private static boolean isLaneFetch(StackWalker.StackFrame frame) {
    return frame.getClassName().equals("dev.posthorn.delivery.Lane")
        && frame.getMethodName().equals("fetch");
  }

  /** Fails at one of the readings of the clock that this caller makes itself. */
  private void failOnce(int failing, Predicate<StackWalker.StackFrame> caller) {
    boolean counts =
        StackWalker.getInstance()
            .walk(frames ->
                frames.filter(frame -> !isClock(frame)).findFirst().filter(caller).isPresent());
    if (counts && readings.incrementAndGet() == failing) {
      throw new NoClassDefFoundError("for once");
    }
  }

  private static boolean isClock(StackWalker.StackFrame frame) {
    return List.of(
            "dev.posthorn.delivery.LaneErrorsTest",
            "dev.posthorn.delivery.EngineFixture",
            "dev.posthorn.db.EngineClock")
        .contains(frame.getClassName());
  }
}
