package dev.posthorn.benchmarks.whole;

import dev.posthorn.benchmarks.raw.GeneratorLimit;
import dev.posthorn.benchmarks.raw.RawHttp;
import dev.posthorn.benchmarks.raw.RawIngest;
import dev.posthorn.benchmarks.raw.RawPostgres;
import dev.posthorn.benchmarks.scenario.Drain;
import dev.posthorn.benchmarks.scenario.HeapOfMillion;
import dev.posthorn.benchmarks.scenario.Idle;
import dev.posthorn.benchmarks.scenario.Latency;
import dev.posthorn.benchmarks.scenario.Neighbour;
import dev.posthorn.benchmarks.scenario.RateLimit;
import dev.posthorn.benchmarks.scenario.Recovery;
import dev.posthorn.benchmarks.scenario.Scenario;
import dev.posthorn.benchmarks.scenario.Start;
import dev.posthorn.benchmarks.scenario.Steady;
import dev.posthorn.benchmarks.scenario.Sustained;
import java.util.List;
import java.util.stream.Collectors;

/** All scenarios, in the order of a run: first what the tools and the parts can do. */
final class Scenarios {
  static final List<Scenario> ALL =
      List.of(
          new GeneratorLimit(),
          new RawHttp(),
          new RawIngest(),
          new RawPostgres(),
          Sustained.single(),
          Sustained.batch(),
          Sustained.oneWebhook(),
          Sustained.zipf(),
          Sustained.fanOut(),
          Sustained.opportunities(),
          new Steady(),
          Latency.ofThousand(),
          Latency.ofHalf(),
          Neighbour.hanging(),
          Neighbour.failing(),
          Drain.ofTenThousand(),
          Drain.ofMillion(),
          Drain.besideSnapshot(),
          new HeapOfMillion(),
          new RateLimit(),
          new Recovery(),
          new Idle(),
          new Start());

  private Scenarios() {}

  /**
   * Those with these names, in the order of a run; all when none is named.
   *
   * @throws IllegalArgumentException when there is no such scenario
   */
  static List<Scenario> named(List<String> names) {
    List<String> known = ALL.stream().map(Scenario::name).toList();
    List<String> unknown = names.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no scenario %s; there are %s."
              .formatted(String.join(", ", unknown), String.join(", ", known)));
    }
    return ALL.stream()
        .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
        .toList();
  }

  /** A line for each. */
  static String list() {
    return ALL.stream()
        .map(scenario -> "  %-16s %s".formatted(scenario.name(), scenario.about()))
        .collect(Collectors.joining("\n"));
  }
}
