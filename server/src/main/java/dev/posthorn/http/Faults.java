package dev.posthorn.http;

import java.util.ArrayList;
import java.util.List;

/** Collects every fault of one request, so that all are answered at once. Not for many threads. */
public final class Faults {

  // Bounds the answer: a list of ten thousand wrong items says no more than its first hundred.
  private static final int MOST = 100;

  private final List<Fault> found = new ArrayList<>(0);

  public void add(String field, String code, String message) {
    if (found.size() < MOST) {
      found.add(new Fault(field, code, message));
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  List<Fault> all() {
    return List.copyOf(found);
  }

  /** Throws the 422 that lists what was found, if anything was. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ProblemException(Problem.invalid(found));
    }
  }
}
