package dev.posthorn.db;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used as it stands, and trying again will not help. The message is for the
 * operator: what is wrong, where, and what to do about it.
 */
public final class UnusableDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableDatabaseException(String message) {
    this(message, null);
  }

  UnusableDatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
