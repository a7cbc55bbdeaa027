package dev.posthorn.db;

/** Another process holds the data folder; the message names it. Trying again later may help. */
public final class DataFolderInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DataFolderInUseException(String message) {
    super(message);
  }
}
