package dev.posthorn.benchmarks.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class LimitsTest {
  private final Run run = new Run();

  @Test
  void theLimitIsAllCoresDividedByWhatThePartsNeed() {
    parts(30, 20, 50);

    assertThat(Limits.together(run, 2, 1)).hasValue(20_000);
  }

  @Test
  void aRequestThatMakesManyDeliveriesCostsEachOfThemLittle() {
    parts(30, 20, 50);
    run.add(Limits.GENERATOR, Figures.NONE.with(Quantity.GENERATOR_CPU, 60.0));

    assertThat(Limits.together(run, 2, 0.1)).hasValueCloseTo(2e6 / (3 + 20 + 50), within(1e-6));
    assertThat(Limits.withLoad(run, 2, 0.1))
        .hasValueCloseTo(2e6 / (3 + 6 + 20 + 40 + 50), within(1e-6));
  }

  @Test
  void aBareLoopAllowsAsManyDeliveriesAsItsTurnsMake() {
    run.add(Limits.INGEST, Figures.NONE.with(Quantity.RATE, 1_000.0));

    assertThat(Limits.bare(run, Limits.INGEST, 0.01)).hasValue(100_000);
  }

  @Test
  void theLoadOnTheSameCoresLowersIt() {
    parts(30, 20, 50);
    run.add(Limits.GENERATOR, Figures.NONE.with(Quantity.GENERATOR_CPU, 60.0));

    assertThat(Limits.withLoad(run, 2, 1)).hasValueCloseTo(2e6 / (100 + 60 + 40), within(1e-6));
  }

  @Test
  void thereIsNoLimitWithoutEveryPart() {
    run.add(Limits.INGEST, Figures.NONE.with(Quantity.PART_CPU, 30.0));

    assertThat(Limits.together(run, 2, 1)).isEmpty();
    assertThat(Limits.share(run, "single", OptionalDouble.empty())).isEmpty();
  }

  private void parts(double ingest, double http, double database) {
    run.add(Limits.INGEST, Figures.NONE.with(Quantity.PART_CPU, ingest));
    run.add(
        Limits.HTTP, Figures.NONE.with(Quantity.PART_CPU, http).with(Quantity.RECEIVER_CPU, 40.0));
    run.add(Limits.DATABASE, Figures.NONE.with(Quantity.PART_CPU, database));
  }
}
