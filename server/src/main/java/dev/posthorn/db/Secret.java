package dev.posthorn.db;

/**
 * A text that must not be seen: a password or a key. Printing it shows that there is one, not what
 * it is.
 */
public record Secret(String value) {
  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
