package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EgressSettingsTest {

  @Test
  void everyDefaultIsPinned() {
    EgressSettings standard = EgressSettings.standard();

    assertThat(standard.times().dns()).isEqualTo(Duration.ofSeconds(5));
    assertThat(standard.times().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(standard.times().exchange()).isEqualTo(Duration.ofSeconds(15));
    assertThat(standard.times().idle()).isEqualTo(Duration.ofSeconds(30));
    assertThat(standard.maxConnections()).isEqualTo(1_024);
    assertThat(standard.lookupThreads()).isEqualTo(256);
    assertThat(standard.readLimit()).isEqualTo(65_536);
    assertThat(standard.keepLimit()).isEqualTo(16_384);
    assertThat(EgressPolicy.standard().allow()).isEmpty();
    assertThat(EgressPolicy.standard().httpsOnly()).isFalse();
    assertThat(EgressPolicy.standard().deniedPorts())
        .contains(22, 25, 6379)
        .doesNotContain(80, 443, 8080);
  }

  @Test
  void refusesLimitsThatAllowNothing() {
    EgressSettings.Times times = EgressSettings.standard().times();

    assertThatIllegalArgumentException().isThrownBy(() -> new EgressSettings(times, 0, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new EgressSettings(times, 1, 1, 1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new EgressSettings.Times(
                Duration.ZERO, times.connect(), times.exchange(), times.idle()));
  }
}
