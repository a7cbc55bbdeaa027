package dev.posthorn.egress;

/** Carries a failure from where it is met to the edge of the exchange, where it becomes a value. */
final class ExchangeFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final FailureClass failure;

  ExchangeFailure(FailureClass failure, Throwable cause) {
    super(failure.sentence(), cause, false, false);
    this.failure = failure;
  }

  ExchangeFailure(FailureClass failure) {
    super(failure.sentence(), null, false, false);
    this.failure = failure;
  }

  FailureClass failure() {
    return failure;
  }
}
