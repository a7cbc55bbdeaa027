package dev.posthorn.webhook;

import java.io.Serial;

/** A stored secret cannot be opened: it was altered, moved, or sealed with another key. */
public final class BrokenSealException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  BrokenSealException(String message) {
    super(message);
  }
}
