package dev.posthorn.event;

import com.networknt.schema.ExecutionContext;

/**
 * Counts the rules that one validation applies, and ends it when they are too many: a short schema
 * whose branches refer to one another takes 2ⁿ steps on a payload that is n deep.
 *
 * <p>The library offers no limit, but tells its context about every step.
 */
final class ValidationBudget extends ExecutionContext {
  static final int STEPS = 100_000;

  private int left = STEPS;

  /** There were too many steps. */
  static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private ExceededException() {
      super("more than " + STEPS + " steps");
    }
  }

  /**
   * @param like what the schema itself would use
   */
  ValidationBudget(ExecutionContext like) {
    super(like.getExecutionConfig());
    setUnevaluatedItemsPresent(like.isUnevaluatedItemsPresent());
    setUnevaluatedPropertiesPresent(like.isUnevaluatedPropertiesPresent());
  }

  @Override
  public void evaluationPathAddLast(String keyword) {
    step();
    super.evaluationPathAddLast(keyword);
  }

  @Override
  public void evaluationPathAddLast(int index) {
    step();
    super.evaluationPathAddLast(index);
  }

  static ExceededException exceeded() {
    return new ExceededException();
  }

  private void step() {
    if (--left < 0) {
      throw exceeded();
    }
  }
}
