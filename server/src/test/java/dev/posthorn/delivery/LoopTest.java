package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoopTest {
  private final AtomicInteger times = new AtomicInteger();

  @Test
  void goesOnAfterAFailure() {
    Loop loop = new Loop("test", Duration.ofMillis(20), this::fail);

    loop.start();

    await().until(() -> times.get() > 1);
    loop.stop();
  }

  @Test
  void pausesAfterAFailureToo() {
    Loop loop = new Loop("test", Duration.ofHours(1), this::fail);

    loop.start();
    await().until(() -> times.get() > 0);
    loop.stop();

    assertThat(times).hasValue(1);
  }

  @Test
  void endsWhileItPauses() {
    Loop loop = new Loop("test", Duration.ofHours(1), times::incrementAndGet);

    loop.start();
    await().until(() -> times.get() > 0);
    loop.stop();

    assertThat(times).hasValue(1);
  }

  private void fail() {
    times.incrementAndGet();
    throw new IllegalStateException("on purpose");
  }
}
