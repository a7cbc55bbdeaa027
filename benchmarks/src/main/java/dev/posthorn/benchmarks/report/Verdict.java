package dev.posthorn.benchmarks.report;

import dev.posthorn.benchmarks.figure.Budget;
import dev.posthorn.benchmarks.figure.Results;

/** Whether a budget was kept. */
enum Verdict {
  MET("yes"),
  MISSED("no"),
  NOT_MEASURED("–"),
  /** The runs were too short to say. */
  QUICK("quick");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  static Verdict of(Budget budget, Results results) {
    return budget
        .met(results)
        .map(met -> results.quick() ? QUICK : met ? MET : MISSED)
        .orElse(NOT_MEASURED);
  }

  String word() {
    return word;
  }
}
