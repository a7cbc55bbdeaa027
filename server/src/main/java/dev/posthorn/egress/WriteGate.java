package dev.posthorn.egress;

/** The caller's last word on each request that is about to be written. */
public interface WriteGate {

  /**
   * Asked as the last step before the request's first byte, when the connection stands.
   *
   * @return false to write nothing; the exchange is then {@link Exchange.Withheld}
   */
  boolean mayWrite();

  /**
   * Asked when a kept-alive connection died before any byte of a response, before the same request
   * is written again on a fresh connection. The receiver may have seen the first one, so each
   * counts as a request of its own.
   *
   * @return false to leave it; the exchange has then failed as closed
   */
  boolean mayWriteAgain();

  /** Called before a wait for name resolution, so that the caller can give up its place. */
  default void beforeLookup() {}

  /**
   * Called after that wait, on the same thread, however it ended; may block for a place. That time
   * is not the receiver's: it does not count towards the deadline. If it is as long as the deadline
   * itself, nothing is written and the exchange is {@link Exchange.Withheld}.
   */
  default void afterLookup() {}
}
