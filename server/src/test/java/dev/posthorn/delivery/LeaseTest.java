package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LeaseTest {
  private long nanos = 5_000_000_000L;
  private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
  private final Lease lease = new Lease(() -> nanos, () -> wall);

  @Test
  void lastsThreeSecondsFromJustBeforeTheBeatWasSent() {
    assertThat(lease.isFresh()).isFalse();
    Lease.Moment sent = lease.now();
    pass(Duration.ofSeconds(2));
    lease.renew(sent);
    assertThat(lease.isFresh()).isTrue();

    pass(Duration.ofMillis(999));
    assertThat(lease.isFresh()).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(lease.isFresh()).isFalse();
  }

  @Test
  void endsWithTheSession() {
    lease.renew(lease.now());
    lease.end();

    assertThat(lease.isFresh()).isFalse();
  }

  @Test
  void endsWhenTheWallClockRanAheadOfTheMonotonicOne() {
    lease.renew(lease.now());
    wall = wall.plusMillis(999);
    assertThat(lease.isFresh()).isTrue();
    wall = wall.plusMillis(1);
    assertThat(lease.isFresh()).isFalse();

    lease.renew(lease.now());
    assertThat(lease.isFresh()).isTrue();
  }

  @Test
  void aWallClockThatIsSetBackIsNoReason() {
    lease.renew(lease.now());
    wall = wall.minus(Duration.ofHours(1));

    assertThat(lease.isFresh()).isTrue();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }
}
