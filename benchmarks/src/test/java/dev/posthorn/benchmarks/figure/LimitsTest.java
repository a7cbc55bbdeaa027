package dev.posthorn.benchmarks.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class LimitsTest {
  private final Run run = new Run();

  @Test
  void theLimitIsAllCoresDividedByWhatThePartsNeed() {
    parts(30, 20, 50);

    assertThat(Limits.together(run, 2)).hasValue(20_000);
  }

  @Test
  void theLoadOnTheSameCoresLowersIt() {
    parts(30, 20, 50);
    run.add(Limits.GENERATOR, Figures.NONE.with(Quantity.GENERATOR_CPU, 60.0));

    assertThat(Limits.withLoad(run, 2)).hasValue(2e6 / (100 + 60 + 40));
  }

  @Test
  void thereIsNoLimitWithoutEveryPart() {
    run.add(Limits.INGEST, Figures.NONE.with(Quantity.PART_CPU, 30.0));

    assertThat(Limits.together(run, 2)).isEmpty();
    assertThat(Limits.share(run, "single", OptionalDouble.empty())).isEmpty();
  }

  private void parts(double ingest, double http, double database) {
    run.add(Limits.INGEST, Figures.NONE.with(Quantity.PART_CPU, ingest));
    run.add(
        Limits.HTTP, Figures.NONE.with(Quantity.PART_CPU, http).with(Quantity.RECEIVER_CPU, 40.0));
    run.add(Limits.DATABASE, Figures.NONE.with(Quantity.PART_CPU, database));
  }
}
