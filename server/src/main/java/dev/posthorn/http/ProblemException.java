package dev.posthorn.http;

/**
 * Ends the handling of a request with a {@link Problem}. Carries no stack trace: it is an answer,
 * not a failure of ours, and hostile callers can have it thrown as often as they like.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.type().code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
