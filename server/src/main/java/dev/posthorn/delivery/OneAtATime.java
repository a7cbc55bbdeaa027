package dev.posthorn.delivery;

/**
 * Lets one thread at a time do some work; who comes meanwhile is not kept waiting, and the work is
 * done once more.
 */
final class OneAtATime {
  private boolean running;
  private boolean again;

  /** Whether the caller is to do the work; else whoever does will look again. */
  synchronized boolean begin() {
    again = running;
    boolean begun = !running;
    running = true;
    return begun;
  }

  /** Whether somebody came since the work was begun. */
  synchronized boolean isAskedAgain() {
    return again;
  }

  /** The work is done once; whether it is to be done again by the same caller. */
  synchronized boolean goOn() {
    running = again;
    again = false;
    return running;
  }

  synchronized boolean isRunning() {
    return running;
  }
}
