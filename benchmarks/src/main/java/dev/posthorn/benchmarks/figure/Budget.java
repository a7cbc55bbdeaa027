package dev.posthorn.benchmarks.figure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A promise of performance.
 *
 * @param what is measured
 * @param bar in words
 * @param checks all of which must hold; none when it is measured elsewhere
 */
public record Budget(String what, String bar, List<Check> checks) {

  /** Which side of the bar is good. */
  public enum Side {
    AT_LEAST,
    AT_MOST
  }

  /** One figure and the bar that its median has to keep. */
  public record Check(Side side, double bar, Unit unit, Function<Run, OptionalDouble> figure) {
    Optional<Boolean> met(Results results) {
      return results
          .over(figure)
          .filter(measured -> measured.runs() == results.runs().size())
          .map(measured ->
              side == Side.AT_LEAST ? measured.median() >= bar : measured.median() <= bar);
    }
  }

  /** Whether all of it is kept; empty unless all of it was measured in every run. */
  public Optional<Boolean> met(Results results) {
    List<Optional<Boolean>> each = checks.stream().map(check -> check.met(results)).toList();
    if (each.isEmpty() || each.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(each.stream().allMatch(met -> met.orElse(false)));
  }

  /** The medians; empty when nothing was measured. */
  public String medians(Results results) {
    return joined(results, (check, measured) -> check.unit().text(measured.median()));
  }

  /** The least and the most of the runs; empty when nothing was measured. */
  public String ranges(Results results) {
    return joined(
        results,
        (check, measured) ->
            check.unit().number(measured.least()) + "–" + check.unit().text(measured.most()));
  }

  private interface Wording {
    String of(Check check, Summary measured);
  }

  private String joined(Results results, Wording wording) {
    return checks.stream()
        .flatMap(
            check -> results.over(check.figure()).map(found -> wording.of(check, found)).stream())
        .collect(Collectors.joining(" / "));
  }
}
