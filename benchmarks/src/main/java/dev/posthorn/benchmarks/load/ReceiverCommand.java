package dev.posthorn.benchmarks.load;

/** What the receiver can be told; it answers each with a {@link Received} of what was before. */
public enum ReceiverCommand {
  /** Says what it saw. */
  REPORT,
  /** Says what it saw, and forgets it. */
  RESET,
  /** From now on requests to {@code flaky} are never answered. */
  HANG,
  /** From now on requests to {@code flaky} are answered with 500. */
  FAIL,
  /** From now on requests to {@code flaky} are answered with 200. */
  MEND
}
